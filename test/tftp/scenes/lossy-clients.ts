import { createSocket, type RemoteInfo } from 'node:dgram'
import { on, once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { fetchWith, FOR_ATFTP, type ClientName } from '../real-clients.ts'
import { serveFiles } from '../test-server.ts'
import { WindowedClient } from '../windowed-client.ts'
import { countDropped, setStage } from './set-stage.ts'

/** `windows`: clients of RFC 7440 with a window of so many blocks of `blockBytes`, one for each size. */
export type LossOrder = { clients: ClientName[]; sizes: number[]; windows: number[]; blockBytes: number }
export type LossReport = {
  dropped: number
  fetches: { client: string; size: number; ms: number; fault: string | null }[]
}

const { stage, order } = setStage()
const { clients, sizes, windows, blockBytes } = order as LossOrder
const files = Object.fromEntries(sizes.map((size) => [`file-${size}`, randomBytes(size)]))
const server = await serveFiles(files)
const patientServer = await serveFiles(files, { limits: FOR_ATFTP })

async function fetch(client: ClientName, size: number): Promise<LossReport['fetches'][number]> {
  const { port } = client.startsWith('atftp') ? patientServer : server
  return time(client, size, fetchWith(client, stage.programs, { port, file: `file-${size}` }))
}

async function time(client: string, size: number, fetched: Promise<Buffer>): Promise<LossReport['fetches'][number]> {
  const beganAtMs = performance.now()
  const fault = await fetched.then(
    (bytes) => compare(bytes, files[`file-${size}`]!),
    (error: unknown) => String(error),
  )
  return { client, size, ms: Math.round(performance.now() - beganAtMs), fault }
}

async function fetchInWindows(windowBlocks: number, size: number): Promise<Buffer> {
  const file = `file-${size}`
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  let { port } = server
  const client = new WindowedClient(
    { file, blockBytes, windowBlocks, bytes: files[file]! },
    performance.now(),
    (packet) => socket.send(packet, port, '127.0.0.1'),
  )
  const clock = setInterval(() => client.tick(performance.now()), 50)
  const untilMs = performance.now() + 120_000
  try {
    for await (const [packet, from] of on(socket, 'message')) {
      port = (from as RemoteInfo).port
      client.receive(packet as Buffer, performance.now())
      if (client.isComplete) break
      if (performance.now() > untilMs) throw new Error(`got ${client.received.length} bytes in two minutes`)
    }
    return client.received
  } finally {
    clearInterval(clock)
    socket.close()
  }
}

/** Where a fetched file stops being what it was, for whoever reads a failure that does not come again. */
function compare(bytes: Buffer, wanted: Buffer): string | null {
  if (bytes.equals(wanted)) return null
  const at = wanted.findIndex((byte, index) => byte !== bytes[index])
  return `${bytes.length} bytes of ${wanted.length}, other ones from ${at}`
}

const fetches = await Promise.all(
  sizes.flatMap((size) => [
    ...clients.map((client) => fetch(client, size)),
    ...windows.map((blocks) => time(`windows of ${blocks}`, size, fetchInWindows(blocks, size))),
  ]),
)
const report: LossReport = { dropped: countDropped(stage), fetches }
await Promise.all([server.close(), patientServer.close()])
process.stdout.write(JSON.stringify(report))
