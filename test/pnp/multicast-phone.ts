import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { PNP_GROUP } from '../../src/pnp/server.ts'

export type Heard = { text: string; port: number; address: string }

/** A phone's socket: sends to the group from one address and keeps what comes back. */
export class MulticastPhone {
  readonly heard: Heard[] = []
  readonly socket: Socket
  readonly #groupPort: number

  private constructor(socket: Socket, groupPort: number) {
    this.socket = socket
    this.#groupPort = groupPort
    socket.on('message', (datagram: Buffer, { port, address }: RemoteInfo) =>
      this.heard.push({ text: datagram.toString('latin1'), port, address }),
    )
  }

  static async open(address = '127.0.0.1', groupPort = 5060, port = 0): Promise<MulticastPhone> {
    const socket = createSocket('udp4')
    socket.bind({ address, port })
    await once(socket, 'listening')
    socket.setMulticastInterface(address)
    socket.setMulticastLoopback(true)
    return new MulticastPhone(socket, groupPort)
  }

  get port(): number {
    return this.socket.address().port
  }

  send(packet: string | Buffer, to = { address: PNP_GROUP, port: this.#groupPort }): Promise<void> {
    const bytes = typeof packet === 'string' ? Buffer.from(packet, 'latin1') : packet
    return new Promise((resolve, reject) => {
      this.socket.send(bytes, to.port, to.address, (error) => (error ? reject(error) : resolve()))
    })
  }

  /** The messages that have come within some time. */
  async listen(forMs: number): Promise<Heard[]> {
    await new Promise((resolve) => setTimeout(resolve, forMs))
    return this.heard.splice(0)
  }

  close(): void {
    this.socket.close()
  }
}

/** The answer of a phone to a NOTIFY. */
export function answerNotify(notify: string, status = '200 OK'): string {
  const line = (name: string) => new RegExp(`^${name}: .*$`, 'm').exec(notify)?.[0].trim() ?? ''
  const lines = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(line)
  return [`SIP/2.0 ${status}`, ...lines, 'Content-Length: 0', '', ''].join('\r\n')
}
