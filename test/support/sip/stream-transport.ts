import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Receiver, Transport, TransportOptions } from './transport.ts'

/** No SIP message of a test comes near this; more is a peer that does not speak SIP. */
const MAX_MESSAGE_BYTES = 256 * 1024

/** Connects over TCP or TLS. @throws Error of the socket when it cannot, such as a certificate that is not trusted. */
export async function openStream(options: TransportOptions, receiver: Receiver): Promise<Transport> {
  const { host, port } = options
  const secure = options.transport === 'tls'
  const socket: Socket = secure
    ? connectTls({ host, port, ...serverName(options), ...(options.ca !== undefined && { ca: options.ca }) })
    : connectTcp({ host, port })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once(secure ? 'secureConnect' : 'connect', () => resolve())
  })
  socket.setNoDelay(true)
  const cut = new MessageCutter()
  socket.removeAllListeners('error')
  socket.on('error', (error) => receiver.lost(error))
  socket.on('close', () => receiver.lost(new Error(`${options.transport} connection to ${host}:${port} closed`)))
  socket.on('data', (chunk) => {
    try {
      for (const bytes of cut.push(chunk)) receiver.message(bytes, { host, port })
    } catch (error) {
      socket.destroy(error as Error)
    }
  })
  return {
    kind: secure ? 'tls' : 'tcp',
    reliable: true,
    local: { host: socket.localAddress!, port: socket.localPort! },
    send: (bytes) => {
      if (socket.writable) socket.write(bytes)
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.destroyed) {
          resolve()
          return
        }
        socket.once('close', () => resolve())
        socket.destroySoon()
      }),
  }
}

/** An IP address must not be sent as a server name (RFC 6066 §3). */
export function serverName({ host, servername }: TransportOptions): { servername?: string } {
  if (servername !== undefined) return { servername }
  return isIP(host) ? {} : { servername: host }
}

/** Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3); blank lines between them are keep-alives. */
export class MessageCutter {
  #held: Buffer = Buffer.alloc(0)

  /** The messages that these bytes complete. @throws Error when what arrives cannot be a message. */
  push(chunk: Buffer): Buffer[] {
    this.#held = Buffer.concat([this.#held, chunk])
    const messages: Buffer[] = []
    for (;;) {
      const start = this.#held.findIndex((byte) => byte !== 0x0d && byte !== 0x0a)
      this.#held = this.#held.subarray(start < 0 ? this.#held.length : start)
      const length = this.#measure()
      if (length === undefined || length > this.#held.length) return messages
      messages.push(this.#held.subarray(0, length))
      this.#held = this.#held.subarray(length)
    }
  }

  #measure(): number | undefined {
    if (this.#held.length > MAX_MESSAGE_BYTES) throw new Error('SIP message over a stream is too long')
    const end = this.#held.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const value = /^(?:content-length|l)[ \t]*:[ \t]*(\d+)/im.exec(this.#held.toString('latin1', 0, end))?.[1]
    if (value === undefined) throw new Error('SIP message over a stream without Content-Length')
    return end + 4 + Number(value)
  }
}
