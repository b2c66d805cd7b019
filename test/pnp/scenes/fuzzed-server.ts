/** The responder that is fuzzed, in a process of its own; says its port and, whenever asked, what it holds. */
import { startPnpServer } from '../../../src/pnp/server.ts'
import { countResources } from '../../tftp/scenes/resources.ts'

export type Holdings = { resources: string; rssMiB: number; heapMiB: number; pending: number; questions: number }

let questions = 0
const server = await startPnpServer({
  address: '127.0.0.1',
  addressOf: ({ mac }) => {
    questions++
    return /[0-7]$/.test(mac) ? 'http://192.0.2.1:8081/' : null
  },
  onTold: () => undefined,
  onStranger: () => undefined,
  log: { warn: () => undefined },
  // Without a limit per source all of it reaches the innermost part; it has tests of its own.
  limits: { firstWaitMs: 40, burst: 1e9, strangerPauseMs: 0 },
})

process.on('message', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const holdings: Holdings = {
    resources: countResources(),
    ...{ rssMiB: rss / 2 ** 20, heapMiB: (heapUsed + external) / 2 ** 20, pending: server.pending, questions },
  }
  process.send?.(holdings)
})
process.send?.(server.port)
