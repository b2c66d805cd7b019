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
    (bytes) => (bytes.equals(files[file]!) ? null : 'other bytes'),
    (error: unknown) => String(error),
  )
  return { client, size, ms: Math.round(performance.now() - beganAtMs), fault }
}

const fetches = await Promise.all(clients.flatMap((client) => sizes.map((size) => fetch(client, size))))
const report: LossReport = { dropped: countDropped(stage), fetches }
await server.close()
process.stdout.write(JSON.stringify(report))
