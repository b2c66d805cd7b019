import { type Channel, listen } from '../db/listen.ts'
import type { Log } from '../model/log.ts'

export type DrainLoop = {
  /** Something is there to be done. */
  wake: () => void
  /** Takes nothing new and waits for what is under way. */
  close: () => Promise<void>
}

/**
 * Runs `drain` whenever the channel says that there is work, and now and then without being told, for retries that have
 * come due. Never twice at once; what is said meanwhile is done in another round.
 */
export function startDrainLoop(options: {
  url: string
  /** Null: found by sweeping alone. */
  channel: Channel | null
  /** What comes close together is done together. */
  gatherMs: number
  sweepMs: number
  /** For the log: what cannot be read when `drain` throws. */
  name: string
  log: Pick<Log, 'warn'>
  /** Ends soon after `closing` is aborted. */
  drain: (closing: AbortSignal) => Promise<void>
}): DrainLoop {
  const { url, channel, gatherMs, sweepMs, name, log, drain } = options
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false

  const drainAll = async () => {
    do {
      again = false
      await drain(closing.signal)
    } while ((again as boolean) && !closing.signal.aborted)
  }
  const wake = () => {
    if (closing.signal.aborted) return
    if (running) {
      again = true
      return
    }
    timer ??= setTimeout(() => {
      timer = undefined
      running = drainAll()
        .catch((error: unknown) => log.warn({ error: (error as Error).message }, `${name} could not be read`))
        .finally(() => (running = undefined))
    }, gatherMs)
  }
  const listener = channel && listen(url, channel, { notification: wake, connect: wake })
  const sweep = setInterval(wake, sweepMs)
  wake()
  return {
    wake,
    async close() {
      closing.abort()
      clearInterval(sweep)
      clearTimeout(timer)
      await listener?.close()
      await running
    },
  }
}
