import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What a client of PostgreSQL says, as far as cutting it off needs to know. */
export type Unit = 'message' | 'statement'

/** A way to a PostgreSQL server that breaks at a chosen point of the conversation. */
export type ChaosProxy = {
  port: number
  /** How many units clients have said since the last `arm`. */
  said: () => number
  /**
   * Counts anew, and cuts every connection right after the n-th unit was passed on; new ones are then refused. The
   * server still does what it has heard. Without a number nothing is cut. `onCut` is called first: whoever is killed
   * there does not even learn that the connection is gone.
   */
  arm: (n?: number, onCut?: () => void) => void
  /** As `arm`, so many units from now, and without disturbing who is there already. */
  cutIn: (n: number, onCut: () => void) => void
  close: () => Promise<void>
}

/** Query and Sync: the server answers each of them, so each ends a statement (PostgreSQL, "Message Formats"). */
const ENDS_STATEMENT = ['Q', 'S']

/** Forwards a free port of 127.0.0.1 to a PostgreSQL server. */
export async function openChaosProxy(target: number, unit: Unit): Promise<ChaosProxy> {
  let said = 0
  let last = Infinity
  let tell: () => void = () => undefined
  let broken = false
  const sockets = new Set<Socket>()
  const hold = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const breakAll = () => {
    broken = true
    tell()
    // Ended, not destroyed: what was passed on before shall reach the server.
    for (const socket of sockets) socket.end()
    for (const socket of sockets) if (socket.localPort === port) socket.destroy()
  }
  const server = createServer((inner) => {
    if (broken) {
      inner.resetAndDestroy()
      return
    }
    const outer = connect(target, '127.0.0.1')
    hold(inner)
    hold(outer)
    const split = makeSplitter()
    inner.on('data', (chunk: Buffer) => {
      for (const { type, bytes } of split(chunk)) {
        if (broken) return
        outer.write(bytes)
        if (unit === 'statement' && !ENDS_STATEMENT.includes(type)) continue
        if (++said === last) breakAll()
      }
    })
    outer.on('data', (chunk) => inner.destroyed || inner.write(chunk))
    inner.on('close', () => outer.end())
    outer.on('close', () => inner.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    said: () => said,
    arm: (n = Infinity, onCut = () => undefined) => {
      for (const socket of sockets) socket.destroy()
      said = 0
      last = n
      tell = onCut
      broken = false
    },
    cutIn: (n, onCut) => {
      last = said + n
      tell = onCut
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Cuts a client's stream into messages; the first one of a connection has no type. */
function makeSplitter(): (chunk: Buffer) => { type: string; bytes: Buffer }[] {
  let kept: Buffer = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    kept = Buffer.concat([kept, chunk])
    const messages: { type: string; bytes: Buffer }[] = []
    for (;;) {
      const at = started ? 1 : 0
      if (kept.length < at + 4) return messages
      const end = at + kept.readUInt32BE(at)
      if (kept.length < end) return messages
      messages.push({ type: started ? String.fromCharCode(kept[0]!) : '', bytes: kept.subarray(0, end) })
      kept = kept.subarray(end)
      started = true
    }
  }
}
