import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { LoadOrder, LoadReport } from '../../../bench/tftp/load-client.ts'
import { serveFiles } from '../test-server.ts'
import { setStage } from './set-stage.ts'

export type CrowdOrder = Omit<LoadOrder, 'port' | 'file' | 'expected'> & { sizeBytes: number }

const { sizeBytes, ...work } = setStage().order as CrowdOrder
const bytes = randomBytes(sizeBytes)
const expected = join(tmpdir(), `offhook-tftp-${randomUUID()}`)
await writeFile(expected, bytes)
const server = await serveFiles({ 'phone.cfg': bytes })
const order: LoadOrder = { port: server.port, file: 'phone.cfg', expected, ...work }
const client = new URL('../../../bench/tftp/load-client.ts', import.meta.url).pathname
const child = spawn(process.execPath, [client, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] })
const [report] = await Promise.all([text(child.stdout), once(child, 'close')])
await rm(expected)
await server.close()
process.stdout.write(JSON.stringify(JSON.parse(report) as LoadReport))
