import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can be closed: what goes through it sees an outage, everybody else does not. */
export type TcpGate = {
  port: number
  /** Ends every connection and refuses new ones. */
  cut: () => void
  /** Keeps connections but lets nothing through, as when a cable is pulled. */
  stall: () => void
  open: () => void
  close: () => Promise<void>
}

/** Forwards a free port of 127.0.0.1 to another one. */
export async function openTcpGate(target: number): Promise<TcpGate> {
  let mode: 'open' | 'stalled' | 'cut' = 'open'
  const sockets = new Set<Socket>()
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.on('data', (chunk) => mode === 'open' && to.write(chunk))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }
  const server = createServer((inner) => {
    if (mode === 'cut') {
      inner.resetAndDestroy()
      return
    }
    const outer = connect(target, '127.0.0.1')
    join(inner, outer)
    join(outer, inner)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      mode = 'cut'
      endAll()
    },
    stall: () => void (mode = 'stalled'),
    open: () => {
      // What was swallowed cannot be made up for: those connections are lost.
      if (mode === 'stalled') endAll()
      mode = 'open'
    },
    close: async () => {
      endAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
