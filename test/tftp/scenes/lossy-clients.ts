import { randomBytes } from 'node:crypto'
import { fetchWith, type ClientName } from '../real-clients.ts'
import { serveFiles } from '../test-server.ts'
import { countDropped, setStage } from './set-stage.ts'

export type LossOrder = { clients: ClientName[]; sizes: number[] }
export type LossReport = {
  dropped: number
  fetches: { client: ClientName; size: number; ms: number; fault: string | null }[]
}

const { stage, order } = setStage()
const { clients, sizes } = order as LossOrder
const files = Object.fromEntries(sizes.map((size) => [`file-${size}`, randomBytes(size)]))
const server = await serveFiles(files)

async function fetch(client: ClientName, size: number): Promise<LossReport['fetches'][number]> {
  const beganAtMs = performance.now()
  const file = `file-${size}`
  const fault = await fetchWith(client, stage.programs, { port: server.port, file }).then(
    (bytes) => compare(bytes, files[file]!),
    (error: unknown) => String(error),
  )
  return { client, size, ms: Math.round(performance.now() - beganAtMs), fault }
}

/** Where a fetched file stops being what it was, for whoever reads a failure that does not come again. */
function compare(bytes: Buffer, wanted: Buffer): string | null {
  if (bytes.equals(wanted)) return null
  const at = wanted.findIndex((byte, index) => byte !== bytes[index])
  return `${bytes.length} bytes of ${wanted.length}, other ones from ${at}`
}

const fetches = await Promise.all(clients.flatMap((client) => sizes.map((size) => fetch(client, size))))
const report: LossReport = { dropped: countDropped(stage), fetches }
await server.close()
process.stdout.write(JSON.stringify(report))
