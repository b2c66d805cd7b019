import type { RemoteInfo, Socket } from 'node:dgram'
import { parseTokenPath } from '../model/device-token.ts'
import type { PhoneAnswer } from '../model/phone-request.ts'
import { encodeNetascii } from './netascii.ts'
import { negotiate } from './options.ts'
import { encodeError, ERROR_CODE, OPCODE, readBlock, readOpcode, type ReadRequest } from './packets.ts'
import type { Peer } from './peer.ts'
import { printablePath } from './printable.ts'
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
  | 'superseded'
  | 'closed'

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

const NOT_FOUND = encodeError(ERROR_CODE.notFound, 'File not found')
const FAILED = encodeError(ERROR_CODE.undefined, 'Server failed, try again')
const CLOSING = encodeError(ERROR_CODE.undefined, 'Server is closing')
const ILLEGAL = encodeError(ERROR_CODE.illegal, 'Illegal TFTP operation')

/** One read request from its arrival to its end, on a port of its own once there is something to send. */
export class Session {
  readonly peer: Peer
  /** The request as it came, to recognise its duplicates. */
  readonly datagram: Buffer
  readonly #host: SessionHost
  readonly #request: ReadRequest
  readonly #firstSends: number
  readonly #beganAtMs = performance.now()
  #socket: Socket | null = null
  #transfer: Transfer | null = null
  #fileBytes = 0
  #ended = false

  constructor(host: SessionHost, request: { peer: Peer; datagram: Buffer; parsed: ReadRequest; firstSends: number }) {
    this.#host = host
    this.peer = request.peer
    this.datagram = request.datagram
    this.#request = request.parsed
    this.#firstSends = request.firstSends
  }

  /** Asks for the file, and serves it or refuses. */
  begin(): void {
    try {
      const answer = this.#host.settings.answer({
        transport: 'tftp',
        ...parseTokenPath(this.#request.path),
        userAgent: '',
        address: this.peer.source,
      })
      if (answer instanceof Promise) answer.then(this.#serve, this.#fail)
      else this.#serve(answer)
    } catch (error) {
      this.#fail(error)
    }
  }

  receiveSameRequest(): void {
    this.#transfer?.receiveSameRequest(performance.now())
  }

  /** Sends again what is due, and ends a session whose client, or whose answer, is silent for too long. */
  tick(nowMs: number): void {
    if (this.#transfer === null) {
      if (nowMs - this.#beganAtMs > this.#host.settings.limits.silenceMs) this.end('failed')
    } else if (!this.#transfer.tick(nowMs)) this.end('client-silent')
  }

  end(outcome: Outcome): void {
    if (this.#ended) return
    this.#ended = true
    if (outcome === 'closed') this.#send(CLOSING)
    this.#socket?.close()
    this.#host.onEnd(this, outcome)
    this.#host.settings.log.info(
      {
        address: this.peer.source,
        file: printablePath(this.#request.path),
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
      this.#host.sendFromListener(NOT_FOUND, this.peer)
      this.end('refused')
      return
    }
    const { limits, address, log } = this.#host.settings
    const bytes = this.#request.mode === 'netascii' ? encodeNetascii(answer.bytes) : answer.bytes
    try {
      this.#socket = openSocket(address, 0, this.#receive, this.#host.onSent)
    } catch (error) {
      log.warn({ err: error }, 'tftp transfer got no socket')
      this.end('no-socket')
      return
    }
    this.#fileBytes = bytes.length
    const agreement = negotiate(this.#request.options, bytes.length, limits)
    const file = { bytes, agreement, firstSends: this.#firstSends }
    this.#transfer = new Transfer(file, limits, performance.now(), this.#send)
  }

  readonly #fail = (error: unknown): void => {
    if (this.#ended) return
    this.#host.settings.log.warn({ err: error, file: printablePath(this.#request.path) }, 'tftp answer failed')
    this.#host.sendFromListener(FAILED, this.peer)
    this.end('failed')
  }

  readonly #send = (packet: Buffer): void => {
    this.#socket?.send(packet, this.peer.port, this.peer.address, this.#host.onSent)
  }

  readonly #receive = (datagram: Buffer, from: RemoteInfo): void => {
    if (this.#ended || this.#transfer === null) return
    if (from.port !== this.peer.port || from.address !== this.peer.address) {
      this.#host.onForeign(this.#socket!, datagram, from)
      return
    }
    const opcode = readOpcode(datagram)
    if (opcode === OPCODE.ack) {
      const block = readBlock(datagram)
      if (block !== null && this.#transfer.receiveAck(block, performance.now())) this.end('served')
    } else if (opcode === OPCODE.error) this.end('client-error')
    else if (opcode !== null) {
      this.#send(ILLEGAL)
      this.end('client-illegal')
    }
  }
}
