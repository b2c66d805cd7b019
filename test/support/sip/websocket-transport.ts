import { WebSocket } from 'ws'
import { serverName } from './stream-transport.ts'
import type { Receiver, Transport, TransportOptions } from './transport.ts'

const CLOSE_WITHIN_MS = 1_000

/** Connects a WebSocket with the sub-protocol `sip` (RFC 7118); a frame is a message. */
export async function openWebSocket(options: TransportOptions, receiver: Receiver): Promise<Transport> {
  const { host, port, transport: kind = 'ws', path = '/ws' } = options
  const tls = kind === 'wss' ? { ...serverName(options), ...(options.ca !== undefined && { ca: options.ca }) } : {}
  const socket = new WebSocket(`${kind}://${host}:${port}${path}`, 'sip', tls)
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => resolve())
  })
  socket.removeAllListeners('error')
  socket.on('error', (error) => receiver.lost(error))
  socket.on('close', () => receiver.lost(new Error(`${kind} connection to ${host}:${port} closed`)))
  socket.on('message', (frame) => {
    const bytes = Array.isArray(frame) ? Buffer.concat(frame) : Buffer.from(frame as ArrayBuffer)
    if (bytes.length > 4) receiver.message(bytes, { host, port })
  })
  return {
    kind: kind === 'wss' ? 'wss' : 'ws',
    reliable: true,
    // A browser does not know its own address; RFC 7118 §5 lets it name an unresolvable one.
    local: { host: 'offhook.invalid', port: 5060 },
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes.toString('utf8'))
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) {
          resolve()
          return
        }
        // Asterisk leaves the Close frame unanswered while a call to this socket is under way; `ws` waits half a minute.
        const impatience = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS)
        socket.once('close', () => {
          clearTimeout(impatience)
          resolve()
        })
        socket.close()
      }),
  }
}
