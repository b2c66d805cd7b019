import { createSocket } from 'node:dgram'
import type { Receiver, Transport } from './transport.ts'

/** Room for the answers to a registration storm; the kernel halves it to its own limit when it is too much. */
const BUFFER_BYTES = 8 * 1024 * 1024

/** Binds a UDP socket; port 0 takes a free one. */
export async function openUdp(host: string, port: number, receiver: Receiver): Promise<Transport> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES, sendBufferSize: BUFFER_BYTES })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, host, () => resolve())
  })
  socket.removeAllListeners('error')
  // An ICMP "port unreachable" surfaces here; the retransmission timers decide what is lost.
  socket.on('error', () => undefined)
  socket.on('message', (bytes, from) => {
    if (bytes.length > 4) receiver.message(bytes, { host: from.address, port: from.port })
  })
  const bound = socket.address()
  let open = true
  return {
    kind: 'udp',
    reliable: false,
    local: { host: bound.address, port: bound.port },
    send: (bytes, to) => {
      if (open) socket.send(bytes, to.port, to.host)
    },
    close: () =>
      new Promise((resolve) => {
        if (!open) {
          resolve()
          return
        }
        open = false
        socket.close(() => resolve())
      }),
  }
}
