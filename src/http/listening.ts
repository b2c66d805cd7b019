import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
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

/** Makes the way to end a server: call it before it listens. */
export function prepareClose(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () => closeGently(server, sockets)
}

/** Ends idle connections at once, the others with their answer, and whoever is still there after a few seconds. */
async function closeGently(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // Node counts a connection that has not said anything yet as a busy one.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const late = setTimeout(() => sockets.forEach((socket) => socket.destroy()), CLOSE_WITHIN_MS)
  // A connection that is kept alive becomes idle only when its answer is out.
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS)
  await closed
  clearTimeout(late)
  clearInterval(idle)
}
