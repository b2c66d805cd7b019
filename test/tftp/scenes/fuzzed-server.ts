/** The server that is fuzzed, in a process of its own; says its port and, whenever asked, what it holds. */
import { startTftpServer } from '../../../src/tftp/server.ts'

/** Counts by kind of what keeps the event loop busy, and memory after a full collection. */
export type Holdings = { resources: string; rssMiB: number; heapMiB: number; active: number; lines: number }

const bytes = Buffer.alloc(20_000, 'x')
let lines = 0
const server = await startTftpServer({
  address: '127.0.0.1',
  port: 0,
  allow: ['127.0.0.0/8'],
  // Only so that the scene need not wait for eleven seconds.
  limits: { silenceMs: 3000, firstSilenceMs: 2000 },
  log: { info: () => lines++, warn: () => undefined },
  answer: ({ file }) => (file === 'phone.cfg' ? { bytes, contentType: '', etag: '' } : null),
})

process.on('message', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const counts = Object.entries(Object.groupBy(process.getActiveResourcesInfo(), (kind) => kind))
  const holdings: Holdings = {
    resources: counts.map(([kind, all]) => `${kind} ${all?.length ?? 0}`).join(', '),
    rssMiB: rss / 2 ** 20,
    heapMiB: (heapUsed + external) / 2 ** 20,
    active: server.activeTransfers,
    lines,
  }
  process.send?.(holdings)
})
process.send?.(server.port)
