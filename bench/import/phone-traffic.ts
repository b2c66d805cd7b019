import { Agent, get } from 'node:http'

export type Traffic = { requests: number; failed: number; p999Ms: number }

export const PHONE_TIMEOUT_MS = 5_000

/** Asks for these paths, one after another and over again, so often a second, until it is stopped. */
export function startTraffic(port: number, paths: readonly string[], perSecond: number) {
  const agent = new Agent({ keepAlive: true })
  const tookMs: number[] = []
  let failed = 0
  let asked = 0
  const fetchOne = (path: string) =>
    new Promise<void>((resolve) => {
      const startedAt = performance.now()
      const end = (ok: boolean) => {
        tookMs.push(performance.now() - startedAt)
        if (!ok) failed++
        resolve()
      }
      const request = get({ agent, host: '127.0.0.1', port, path, timeout: PHONE_TIMEOUT_MS }, (answer) => {
        answer.resume().once('end', () => end(answer.statusCode === 200))
      })
      request.once('timeout', () => request.destroy(new Error('no answer'))).once('error', () => end(false))
    })
  const open = new Set<Promise<void>>()
  const clock = setInterval(() => {
    const one = fetchOne(paths[asked++ % paths.length]!).finally(() => open.delete(one))
    open.add(one)
  }, 1000 / perSecond)
  return {
    async stop(): Promise<Traffic> {
      clearInterval(clock)
      await Promise.all(open)
      agent.destroy()
      const sorted = tookMs.toSorted((a, b) => a - b)
      return { requests: sorted.length, failed, p999Ms: sorted[Math.floor(sorted.length * 0.999)] ?? 0 }
    },
  }
}
