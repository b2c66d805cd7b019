import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

export type Received = { packet: Buffer; port: number }

/** A UDP port that sends what it is told, right or wrong, and keeps what it hears. */
export class RawClient {
  readonly heard: Received[] = []
  readonly #socket: Socket
  #waiting: (() => void) | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (packet, from) => {
      this.heard.push({ packet, port: from.port })
      this.#waiting?.()
    })
  }

  static async open(address = '127.0.0.1', port = 0): Promise<RawClient> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    socket.bind(port, address)
    await once(socket, 'listening')
    return new RawClient(socket)
  }

  get port(): number {
    return this.#socket.address().port
  }

  send(packet: Buffer, port: number, address = '127.0.0.1'): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#socket.send(packet, port, address, (error) => (error === null ? resolve() : reject(error))),
    )
  }

  /** Takes the oldest packet not taken yet; null after `patienceMs` of silence. */
  async next(patienceMs = 3000): Promise<Received | null> {
    if (this.heard.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs)
        this.#waiting = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#waiting = null
    }
    return this.heard.shift() ?? null
  }

  async close(): Promise<void> {
    this.#socket.close()
    await once(this.#socket, 'close')
  }
}

export function readRequest(path: string, options: Record<string, string> = {}, mode = 'octet'): Buffer {
  const texts = [path, mode, ...Object.entries(options).flat()]
  return Buffer.from(`\0\u0001${texts.map((text) => `${text}\0`).join('')}`, 'utf8')
}

export function ack(block: number): Buffer {
  return Buffer.of(0, 4, (block >> 8) & 0xff, block & 0xff)
}

/** `ERROR 1 File not found` and the like, `DATA 3`, `OACK`: what a packet is, in words. */
export function describePacket(packet: Buffer | undefined): string {
  if (packet === undefined) return 'nothing'
  const number = packet.readUInt16BE(2)
  switch (packet.readUInt16BE(0)) {
    case 3:
      return `DATA ${number}`
    case 4:
      return `ACK ${number}`
    case 5:
      return `ERROR ${number} ${packet.toString('latin1', 4, packet.length - 1)}`
    case 6:
      return `OACK ${packet.toString('latin1', 2).split('\0').slice(0, -1).join(' ')}`
    default:
      return packet.toString('hex')
  }
}
