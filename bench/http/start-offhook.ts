import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readServiceFlags } from '../service-flags.ts'
import type { Order } from './offhook-server.ts'

const SERVER = fileURLToPath(new URL('offhook-server.ts', import.meta.url))

export type Started = { port: number; pid: number; stop: () => Promise<void> }

/** Starts our listener over a database, with its log into a file of the folder. */
export async function startOffhook(folder: string, url: string, key: string): Promise<Started> {
  const order: Order = { url, key, logFile: join(folder, 'offhook.log') }
  const args = [...readServiceFlags(), SERVER, JSON.stringify(order)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [chunk] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number]
  if (!Buffer.isBuffer(chunk)) throw new Error(`our listener ended with ${chunk}`)
  return {
    port: Number(chunk.toString()),
    pid: child.pid!,
    stop: async () => {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
