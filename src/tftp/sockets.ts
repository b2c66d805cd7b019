import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

export type OnDatagram = (datagram: Buffer, from: RemoteInfo) => void

/**
 * A bound UDP socket. Binding happens before the return: the address is literal, so no look-up is waited for.
 * Throws the system's error (EADDRINUSE, EACCES, EADDRNOTAVAIL, EMFILE).
 */
export function openSocket(address: string, port: number, onDatagram: OnDatagram, onError: (error: Error) => void) {
  const family = isIPv6(address) ? 6 : 4
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (host, _options, callback) => {
      callback(null, host, family)
    },
  })
  let bindError: Error | undefined
  const keepError = (error: Error) => (bindError = error)
  socket.once('error', keepError)
  socket.bind({ address, port, exclusive: true })
  if (bindError !== undefined) {
    socket.close()
    throw bindError
  }
  socket.off('error', keepError)
  socket.on('error', onError)
  socket.on('message', onDatagram)
  return socket
}

/** Asks the kernel for a receive buffer and says how much it gave: Linux caps at net.core.rmem_max, and reports twice the size. */
export function widenReceiveBuffer(socket: Socket, bytes: number): number {
  socket.setRecvBufferSize(bytes)
  return process.platform === 'linux' ? socket.getRecvBufferSize() / 2 : socket.getRecvBufferSize()
}
