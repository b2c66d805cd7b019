import type { RemoteInfo, Socket } from 'node:dgram'
import { maskTokens, parseTokenPath } from '../model/device-token.ts'
import type { OpenFile, PhoneAnswer, StoredFile } from '../model/phone-request.ts'
import { toPrintable } from '../model/printable.ts'
import { type Content, FileContent, inMemory } from './content.ts'
import { encodeNetascii } from './netascii.ts'
import { negotiate } from './options.ts'
import { encodeError, ERROR_CODE, OPCODE, readBlock, readOpcode, type ReadRequest } from './packets.ts'
import type { Peer } from './peer.ts'
import type { TftpSettings } from './settings.ts'
import { openSocket } from './sockets.ts'
import { Transfer } from './transfer.ts'

export type Outcome =
  | 'served'
  | 'refused'
  | 'failed'
  | 'no-socket'
  | 'client-error'
  | 'client-illegal'
  | 'client-silent'
  | 'client-restarted'
  | 'duplicate'
  | 'superseded'
  | 'closed'

export type Request = {
  peer: Peer
  /** The packet as it came, to recognise its duplicates. */
  datagram: Buffer
  parsed: ReadRequest
  /** It may be a duplicate of a client now gone: its answer is sent once, and forgotten soon. */
  doubtful: boolean
}

/** What a session needs of its surroundings. */
export type SessionHost = {
  settings: TftpSettings
  /** Sends from the listening port. */
  sendFromListener: (packet: Buffer, peer: Peer) => void
  onSent: (error: Error | null) => void
  /** A datagram reached the port of a transfer from somewhere else. */
  onForeign: (socket: Socket, datagram: Buffer, from: RemoteInfo) => void
  onEnd: (session: Session, outcome: Outcome) => void
}

const MOST_LOGGED_CHARACTERS = 128
/** A large image may take longer, lock-step over a slow line, but not for ever. */
const SLOWEST_BYTES_PER_MS = 16
const NOT_FOUND = encodeError(ERROR_CODE.notFound, 'File not found')
const FAILED = encodeError(ERROR_CODE.undefined, 'Server failed, try again')
const CLOSING = encodeError(ERROR_CODE.undefined, 'Server is closing')
const OCTET_ONLY = encodeError(ERROR_CODE.undefined, 'Only as octets')
const ILLEGAL = encodeError(ERROR_CODE.illegal, 'Illegal TFTP operation')

/** One read request from its arrival to its end, on a port of its own once there is something to send. */
export class Session {
  readonly request: Request
  /**
   * The same request came again in the middle of the transfer. What comes next tells why: a further ACK, that it was an old
   * duplicate; the last ACK, an ERROR or silence, that the port has a new client, or the client a new life.
   */
  askedAgain = false
  readonly #host: SessionHost
  readonly #beganAtMs = performance.now()
  #socket: Socket | null = null
  #transfer: Transfer | null = null
  #fileBytes = 0
  #file: FileContent | null = null
  #ended = false

  constructor(host: SessionHost, request: Request) {
    this.#host = host
    this.request = request
  }

  /** Asks for the file, and serves it or refuses. */
  begin(): void {
    try {
      const { path } = this.request.parsed
      const answer = this.#host.settings.answer({
        ...{ transport: 'tftp', path },
        ...parseTokenPath(path),
        userAgent: '',
        address: this.request.peer.source,
      })
      if (answer instanceof Promise) answer.then(this.#serve, this.#fail)
      else this.#serve(answer)
    } catch (error) {
      this.#fail(error)
    }
  }

  receiveSameRequest(): void {
    if (this.#transfer === null) return
    if (this.#transfer.proven) this.askedAgain = true
    else this.#transfer.receiveSameRequest(performance.now())
  }

  /** Sends again what is due, and ends a session whose client, or whose answer, is silent for too long. */
  tick(nowMs: number): void {
    if (this.#transfer === null) {
      if (nowMs - this.#beganAtMs > this.#host.settings.limits.silenceMs) this.end('failed')
    } else if (this.askedAgain && this.#transfer.isOverdue(nowMs)) this.end('client-restarted')
    else if (!this.#transfer.tick(nowMs)) {
      this.end(this.request.doubtful && !this.#transfer.proven ? 'duplicate' : 'client-silent')
    }
  }

  end(outcome: Outcome): void {
    if (this.#ended) return
    this.#ended = true
    if (outcome === 'closed') this.#send(CLOSING)
    this.#socket?.close()
    this.#file?.close()
    this.#host.onEnd(this, outcome)
    if (outcome === 'duplicate') return
    this.#host.settings.log.info(
      {
        address: this.request.peer.source,
        file: printPath(this.request.parsed.path),
        bytes: this.#fileBytes,
        ms: Math.round(performance.now() - this.#beganAtMs),
        retransmits: this.#transfer?.retransmits ?? 0,
        outcome,
      },
      'tftp transfer',
    )
  }

  readonly #serve = (answer: PhoneAnswer | null): void => {
    if (this.#ended) return
    if (answer === null) {
      this.#host.sendFromListener(NOT_FOUND, this.request.peer)
      this.end('refused')
      return
    }
    if (answer.stored) this.#openStored(answer.stored)
    else this.#transmit(inMemory(this.#isText ? encodeNetascii(answer.bytes) : answer.bytes))
  }

  get #isText(): boolean {
    return this.request.parsed.mode === 'netascii'
  }

  /** An image as text would be another one, of a length that is not known before its end. */
  #openStored(stored: StoredFile): void {
    if (this.#isText) {
      this.#host.sendFromListener(OCTET_ONLY, this.request.peer)
      this.end('refused')
    } else stored.open().then((file) => this.#sendFile(file, stored.sizeBytes), this.#fail)
  }

  #sendFile(file: OpenFile, sizeBytes: number): void {
    const failure = (error: unknown) => {
      this.#host.settings.log.warn({ err: error, file: printPath(this.request.parsed.path) }, 'tftp file broke off')
      this.#send(FAILED)
      this.end('failed')
    }
    const content = new FileContent(file, sizeBytes, {
      ready: () => this.#transfer?.resume(performance.now()),
      failure,
    })
    if (this.#ended) content.close()
    else {
      this.#file = content
      this.#transmit(content)
    }
  }

  #transmit(content: Content): void {
    const { limits, address, log } = this.#host.settings
    try {
      this.#socket = openSocket(address, 0, this.#receive, this.#host.onSent)
    } catch (error) {
      log.warn({ err: error }, 'tftp transfer got no socket')
      this.end('no-socket')
      return
    }
    this.#fileBytes = content.length
    const agreement = negotiate(this.request.parsed.options, content.length, limits)
    const bounds = { ...limits, lifetimeMs: limits.lifetimeMs + content.length / SLOWEST_BYTES_PER_MS }
    const doubtful = { firstSends: 1, firstSilenceMs: limits.firstRetransmitMs }
    this.#transfer = new Transfer(
      { content, agreement },
      this.request.doubtful ? { ...bounds, ...doubtful } : bounds,
      performance.now(),
      this.#send,
    )
  }

  readonly #fail = (error: unknown): void => {
    if (this.#ended) return
    this.#host.settings.log.warn({ err: error, file: printPath(this.request.parsed.path) }, 'tftp answer failed')
    this.#host.sendFromListener(FAILED, this.request.peer)
    this.end('failed')
  }

  readonly #send = (packet: Buffer): void => {
    this.#socket?.send(packet, this.request.peer.port, this.request.peer.address, this.#host.onSent)
  }

  readonly #receive = (datagram: Buffer, from: RemoteInfo): void => {
    if (this.#ended || this.#transfer === null) return
    if (from.port !== this.request.peer.port || from.address !== this.request.peer.address) {
      this.#host.onForeign(this.#socket!, datagram, from)
      return
    }
    const opcode = readOpcode(datagram)
    if (opcode === OPCODE.ack) {
      const block = readBlock(datagram)
      if (block !== null) this.#receiveAck(this.#transfer, block)
    } else if (opcode === OPCODE.error) this.end('client-error')
    else if (opcode !== null) {
      this.#send(ILLEGAL)
      this.end('client-illegal')
    }
  }

  #receiveAck(transfer: Transfer, block: number): void {
    const progress = transfer.receiveAck(block, performance.now())
    if (progress === 'advanced') this.askedAgain = false
    else if (progress === 'complete') this.end('served')
  }
}

/** For one line of a log: without tokens. */
export function printPath(path: string): string {
  return toPrintable(maskTokens(path), MOST_LOGGED_CHARACTERS)
}
