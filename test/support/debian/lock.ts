import { createHash } from 'node:crypto'
import { connect, createServer, type Server } from 'node:net'

/**
 * Runs `work` while no other process on this machine runs work of the same name.
 * The lock is a Unix socket in the abstract namespace (unix(7)): the kernel frees it when its holder dies, however it dies.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const address = `\0offhook-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
  let held = await tryListen(address)
  while (held === null) {
    await untilClosed(address)
    held = await tryListen(address)
  }
  const { server, stop } = held
  try {
    return await work()
  } finally {
    stop()
    await new Promise((settle) => server.close(settle))
  }
}

function tryListen(address: string): Promise<{ server: Server; stop: () => void } | null> {
  return new Promise((settle, fail) => {
    const waiting = new Set<{ destroy(): void }>()
    const server = createServer((socket) => {
      waiting.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => waiting.delete(socket))
    })
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? settle(null) : fail(error)))
    server.listen(address, () => settle({ server, stop: () => waiting.forEach((socket) => socket.destroy()) }))
  })
}

function untilClosed(address: string): Promise<void> {
  return new Promise((settle) => {
    const socket = connect(address)
    // A refused connection means that the holder has just gone: the caller tries again either way.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => settle())
    socket.resume()
  })
}
