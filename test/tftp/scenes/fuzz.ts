import { argv, stdout } from 'node:process'
import { startTftpServer } from '../../../src/tftp/server.ts'
import { ack, RawClient, readRequest } from '../raw-client.ts'
import { eventually } from '../test-server.ts'
import { drawPacket, Random } from '../random-packets.ts'
import { countResources, settledMemory } from './resources.ts'

export type FuzzOrder = { packets: number; seed: number }
export type FuzzReport = {
  listener: number
  transferPorts: number
  begun: number
  answers: number
  resources: { before: string; after: string }
  grownMiB: { rss: number; heap: number }
  stillServes: boolean
}

const { packets, seed } = JSON.parse(argv[2] ?? '') as FuzzOrder
const random = new Random(seed)
const bytes = Buffer.alloc(20_000, 'x')
let begun = 0
const server = await startTftpServer({
  address: '127.0.0.1',
  port: 0,
  allow: ['127.0.0.0/8'],
  log: { info: () => begun++, warn: () => undefined },
  answer: ({ file }) => (file === 'phone.cfg' ? { bytes, contentType: '', etag: '' } : null),
})
const clients = await Promise.all(Array.from({ length: 16 }, () => RawClient.open()))
const sent = { listener: 0, transferPorts: 0 }
let answers = 0

async function shower(count: number): Promise<void> {
  const ports: number[] = []
  for (let i = 0; i < count; i++) {
    const client = clients[random.below(clients.length)]!
    const transferPort = random.below(2) === 0 ? ports[random.below(ports.length)] : undefined
    sent[transferPort === undefined ? 'listener' : 'transferPorts']++
    void client.send(drawPacket(random), transferPort ?? server.port)
    if (i % 64 === 63) await new Promise((resolve) => setImmediate(resolve))
    for (const { heard } of clients) {
      if (heard.length === 0) continue
      answers += heard.length
      for (const { port } of heard.splice(0)) if (port !== server.port) ports.unshift(port)
      ports.length = Math.min(ports.length, 64)
    }
  }
  await eventually(() => server.activeTransfers === 0, 30_000)
  // The last finished requests are still remembered for a moment.
  await new Promise((resolve) => setTimeout(resolve, 2500))
  for (const { heard } of clients) heard.length = 0
}

async function fetchOnce(): Promise<boolean> {
  const client = await RawClient.open()
  await client.send(readRequest('phone.cfg', { blksize: '1468' }), server.port)
  let size = 0
  for (let packet = await client.next(); packet !== null; packet = await client.next(300)) {
    if (packet.packet[1] === 3) size += packet.packet.length - 4
    await client.send(ack(packet.packet[1] === 6 ? 0 : packet.packet.readUInt16BE(2)), packet.port)
  }
  await client.close()
  return size === bytes.length
}

await shower(Math.min(packets, 20_000))
const before = { resources: countResources(), memory: settledMemory() }
await shower(packets)
const after = { resources: countResources(), memory: settledMemory() }
const report: FuzzReport = {
  ...sent,
  begun,
  answers,
  resources: { before: before.resources, after: after.resources },
  grownMiB: {
    rss: Math.round(after.memory.rssMiB - before.memory.rssMiB),
    heap: Math.round(after.memory.heapMiB - before.memory.heapMiB),
  },
  stillServes: await fetchOnce(),
}
await Promise.all([server.close(), ...clients.map((client) => client.close())])
stdout.write(JSON.stringify(report))
