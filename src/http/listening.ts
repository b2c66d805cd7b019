import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../model/app-error.ts'

export type RunningListener = {
  port: number
  /** Takes nothing new, lets what is under way end, then resolves. */
  close(): Promise<void>
}

const CLOSE_WITHIN_MS = 5_000
const LOOK_EVERY_MS = 20

/** Binds the port and returns its number. @throws AppError `listen-failed` */
export async function listenOn(server: Server, address: string, port: number): Promise<number> {
  try {
    server.listen(port, address)
    await once(server, 'listening')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new AppError('listen-failed', `Port ${port} of ${address} cannot be listened on: ${code}`, { cause })
  }
  return (server.address() as AddressInfo).port
}

/** Ends idle connections at once, the others with their answer, and whoever is still there after a few seconds. */
export async function closeGently(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS)
  // A connection that is kept alive becomes idle only when its answer is out.
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS)
  await closed
  clearTimeout(late)
  clearInterval(idle)
  await pause(0)
}
