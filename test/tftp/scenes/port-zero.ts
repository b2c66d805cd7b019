import { ack, describePacket, RawClient, readRequest } from '../raw-client.ts'
import { serveFiles } from '../test-server.ts'
import { setStage } from './set-stage.ts'

/** The packets of this port arrive as if they came from port 0. */
export type PortZeroOrder = { disguised: number }
export type PortZeroReport = { heard: number; seenFrom: number | undefined; transfer: string[] }

const { disguised } = setStage().order as PortZeroOrder
const server = await serveFiles({ 'phone.cfg': Buffer.alloc(600, 'x') })
const nobody = await RawClient.open('127.0.0.1', disguised)
const phone = await RawClient.open()
const witness = await RawClient.open()
const transfer: string[] = []

const noise = [readRequest('phone.cfg'), ack(1), Buffer.of(0, 2, 0), Buffer.of(0), Buffer.alloc(0)]
for (const packet of noise) await nobody.send(packet, server.port)
await phone.send(readRequest('phone.cfg'), server.port)
const first = await phone.next()
transfer.push(describePacket(first?.packet))
for (const packet of noise) await nobody.send(packet, first?.port ?? 0)
await phone.send(ack(1), first?.port ?? 0)
transfer.push(describePacket((await phone.next())?.packet))
await phone.send(ack(2), first?.port ?? 0)
await new Promise((resolve) => setTimeout(resolve, 100))

await nobody.send(ack(1), witness.port)
const seenFrom = (await witness.next())?.port

const report: PortZeroReport = { heard: nobody.heard.length, seenFrom, transfer }
await Promise.all([nobody.close(), phone.close(), witness.close(), server.close()])
process.stdout.write(JSON.stringify(report))
