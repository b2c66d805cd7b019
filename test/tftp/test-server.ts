import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { PhoneRequest } from '../../src/model/phone-request.ts'
import type { TftpLimits } from '../../src/tftp/limits.ts'
import { startTftpServer, type TftpServer } from '../../src/tftp/server.ts'

export type TestServer = TftpServer & {
  /** Every line logged so far, parsed. */
  lines: Record<string, unknown>[]
  /** The same as text. */
  logged: () => string
  requests: PhoneRequest[]
}

/** A server on a free port of loopback that serves the given files by name, and nothing else. */
export async function serveFiles(
  files: Record<string, Buffer>,
  options: { address?: string; allow?: string[]; limits?: Partial<TftpLimits> } = {},
): Promise<TestServer> {
  const texts: string[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      texts.push(chunk.toString())
      done()
    },
  })
  const requests: PhoneRequest[] = []
  const server = await startTftpServer({
    address: options.address ?? '127.0.0.1',
    port: 0,
    allow: options.allow ?? ['127.0.0.0/8', '::1'],
    log: pino(sink),
    limits: { closeGraceMs: 50, ...options.limits },
    answer: (request) => {
      requests.push(request)
      const bytes = Object.hasOwn(files, request.file) ? files[request.file] : undefined
      return bytes === undefined ? null : { bytes, contentType: 'application/octet-stream', etag: '""' }
    },
  })
  return Object.defineProperties(
    {
      lines: [] as Record<string, unknown>[],
      logged: () => texts.join(''),
      requests,
      port: server.port,
      activeTransfers: 0,
      close: () => server.close(),
    },
    {
      activeTransfers: { get: () => server.activeTransfers },
      lines: { get: () => texts.map((text) => JSON.parse(text) as Record<string, unknown>) },
    },
  )
}

/** Waits until a condition holds; false when it does not within the patience. */
export async function eventually(condition: () => boolean, patienceMs = 5000): Promise<boolean> {
  const untilMs = performance.now() + patienceMs
  while (!condition()) {
    if (performance.now() > untilMs) return false
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return true
}
