import { exchangeRaw, withoutDate } from '../../http/raw-exchange.ts'
import type { DigestAlgorithm } from '../../support/sip/digest.ts'

/** What a phone needs to register, as it found it in its files. */
export type Account = {
  host: string
  port: number
  transport: 'udp' | 'tcp' | 'tls'
  user: string
  authUser: string
  password: string
  /** The only one that the phone knows; both if left out. */
  algorithm?: DigestAlgorithm
}

/** What a phone knows after it has read its files. */
export type Booted = {
  account: Account
  /** Where it fetches from the next time, with a closing slash; null: it cannot be told, and asks the network again. */
  next: string | null
}

/** A phone as its maker built it: what it asks for, in which order and spelling, and what it makes of the answers. */
export type Phone = {
  family: string
  model: string
  /** 12 lower-case hex digits; null for a softphone, which starts at an address that somebody gave it. */
  mac: string | null
  userAgent: string
  boot: (network: Network) => Promise<Booted>
}

const BARE_404 = 'HTTP/1.1 404 Not Found\r\nCache-Control: no-store\r\nContent-Length: 0\r\nConnection: close'

/** The files of a server as one phone sees them. */
export class Network {
  /** Every name that was asked for and whether there was such a file, in order: `+device.xml`, `-firmware.bin`. */
  readonly asked: string[] = []
  readonly base: URL
  readonly #userAgent: string

  /** @param base where the phone was told to fetch from, with a closing slash */
  constructor(base: string, userAgent: string) {
    this.base = new URL(base)
    this.#userAgent = userAgent
  }

  /** The file of that name beside the base, or null when there is none; anything but a bare 404 is a fault. */
  async get(name: string): Promise<Buffer | null> {
    const { pathname, port } = new URL(name, this.base)
    const agent = this.#userAgent === '' ? '' : `User-Agent: ${this.#userAgent}\r\n`
    const answer = await exchangeRaw(
      Number(port),
      `GET ${pathname} HTTP/1.1\r\nHost: phones\r\nConnection: close\r\n${agent}\r\n`,
    )
    const end = answer.indexOf('\r\n\r\n')
    const found = answer.startsWith('HTTP/1.1 200 OK\r\n')
    if (!found && withoutDate(answer) !== `${BARE_404}\r\n\r\n`) throw new Error(`${name} is answered with ${answer}`)
    this.asked.push(`${found ? '+' : '-'}${name}`)
    return found ? Buffer.from(answer.slice(end + 4), 'latin1') : null
  }

  /** As {@link get}, for a file without which the phone is lost. */
  async need(name: string): Promise<Buffer> {
    const bytes = await this.get(name)
    if (!bytes) throw new Error(`${name} is missing`)
    return bytes
  }
}
