import { stdout } from 'node:process'
import { ack, RawClient, readRequest } from '../raw-client.ts'
import { eventually, serveFiles } from '../test-server.ts'
import { countResources } from './resources.ts'

export type VanishReport = {
  resources: { before: string; after: string }
  atOnce: number
  goneAfterMs: { silent: number; all: number }
  outcomes: Record<string, number>
  reused: { fetched: number; wrong: number }
}

const files = { a: Buffer.alloc(1000, 'a'), b: Buffer.alloc(1000, 'b') }
const server = await serveFiles(files)
const before = countResources()
let beganAtMs = performance.now()

// A thousand ask and are gone; a hundred vanish in the middle of a file.
for (let i = 0; i < 1000; i++) {
  const client = await RawClient.open()
  await client.send(readRequest('a'), server.port)
  await client.close()
}
await eventually(() => server.activeTransfers >= 900)
const atOnce = server.activeTransfers
await eventually(() => server.activeTransfers === 0, 10_000)
const silent = Math.round(performance.now() - beganAtMs)

beganAtMs = performance.now()
for (let i = 0; i < 100; i++) {
  const client = await RawClient.open()
  await client.send(readRequest('a'), server.port)
  await client.send(ack(1), (await client.next())!.port)
  await client.next()
  await client.close()
}
// Their ports are taken over at once by clients that want another file.
const reused = { fetched: 0, wrong: 0 }
for (let i = 0; i < 300; i++) {
  const [mine, file] = i % 2 === 0 ? ([files.a, 'a'] as const) : ([files.b, 'b'] as const)
  const client = await RawClient.open('127.0.0.1', 40_000 + ((i >> 1) % 5))
  await client.send(readRequest(file), server.port)
  const first = (await client.next())!
  await client.send(ack(1), first.port)
  const second = (await client.next())!
  if (i % 3 > 0) await client.send(ack(2), second.port)
  const whole = Buffer.concat([first.packet.subarray(4), second.packet.subarray(4)])
  if (whole.equals(mine)) reused.fetched++
  else reused.wrong++
  await client.close()
}
await eventually(() => server.activeTransfers === 0, 20_000)
const all = Math.round(performance.now() - beganAtMs)
await new Promise((resolve) => setTimeout(resolve, 2500))
const outcomes = Object.fromEntries(
  Object.entries(Object.groupBy(server.lines, (line) => String(line['outcome']))).map(([outcome, lines]) => [
    outcome,
    lines?.length ?? 0,
  ]),
)
const report: VanishReport = {
  resources: { before, after: countResources() },
  atOnce,
  goneAfterMs: { silent, all },
  outcomes,
  reused,
}
await server.close()
stdout.write(JSON.stringify(report))
