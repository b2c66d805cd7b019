import { fork } from 'node:child_process'
import { once } from 'node:events'
import { argv, stdout } from 'node:process'
import { ack, RawClient, readRequest } from '../raw-client.ts'
import { drawPacket, Random } from '../random-packets.ts'
import type { Holdings } from './fuzzed-server.ts'

export type FuzzOrder = { packets: number; seed: number }
export type FuzzReport = {
  sent: { listener: number; transferPorts: number }
  answers: number
  before: Holdings
  after: Holdings
  stillServes: boolean
}

/** Longer than the silence and the memory of a finished request that the server allows itself. */
const SETTLE_MS = 6000
const WARM_UP_SHARE = 0.25

const { packets, seed } = JSON.parse(argv[2] ?? '') as FuzzOrder
const random = new Random(seed)
// V8's young generation grows under load up to a ceiling, by more than any leak looked for here: it is held at its smallest.
const execArgv = ['--expose-gc', '--max-semi-space-size=1']
const server = fork(new URL('fuzzed-server.ts', import.meta.url), { execArgv })
const [listener] = (await once(server, 'message')) as [number]
const clients = await Promise.all(Array.from({ length: 32 }, () => RawClient.open()))

async function takeStock(): Promise<Holdings> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  server.send('holdings')
  const [holdings] = (await once(server, 'message')) as [Holdings]
  return holdings
}

async function shower(count: number): Promise<{ sent: FuzzReport['sent']; answers: number }> {
  const sent = { listener: 0, transferPorts: 0 }
  const ports: number[] = []
  let answers = 0
  let batch: Promise<void>[] = []
  for (let i = 0; i < count; i++) {
    const client = random.pick(clients)
    const transferPort = random.below(2) === 0 ? random.pick(ports) : undefined
    sent[transferPort === undefined ? 'listener' : 'transferPorts']++
    batch.push(client.send(drawPacket(random), transferPort ?? listener))
    if (batch.length < 64) continue
    await Promise.all(batch)
    batch = []
    await new Promise((resolve) => setImmediate(resolve))
    for (const { heard } of clients) {
      answers += heard.length
      for (const { port } of heard.splice(0)) if (port !== listener) ports.unshift(port)
    }
    ports.length = Math.min(ports.length, 64)
  }
  return { sent, answers }
}

async function fetchOnce(): Promise<boolean> {
  const client = await RawClient.open()
  await client.send(readRequest('phone.cfg', { blksize: '1468' }), listener)
  let size = 0
  for (let next = await client.next(); next !== null; next = await client.next(300)) {
    const { packet, port } = next
    if (packet[1] === 3) size += packet.length - 4
    await client.send(ack(packet[1] === 6 ? 0 : packet.readUInt16BE(2)), port)
  }
  await client.close()
  return size === 20_000
}

await shower(packets * WARM_UP_SHARE)
const before = await takeStock()
const shown = await shower(packets)
const after = await takeStock()
const report: FuzzReport = { ...shown, before, after, stillServes: server.exitCode === null && (await fetchOnce()) }
server.kill()
await Promise.all(clients.map((client) => client.close()))
stdout.write(JSON.stringify(report))
