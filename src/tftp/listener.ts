import type { RemoteInfo, Socket } from 'node:dgram'
import { Backlog } from './backlog.ts'
import { encodeError, ERROR_CODE, OPCODE, parseReadRequest, readOpcode } from './packets.ts'
import { describePeer, type Peer } from './peer.ts'
import { Session, type Outcome, type Request, type SessionHost } from './session.ts'
import { Sessions } from './sessions.ts'
import type { TftpSettings } from './settings.ts'
import { openSocket } from './sockets.ts'

const READ_ONLY = encodeError(ERROR_CODE.accessViolation, 'Access violation')
const ILLEGAL = encodeError(ERROR_CODE.illegal, 'Illegal TFTP operation')
const UNKNOWN_TID = encodeError(ERROR_CODE.unknownTid, 'Unknown transfer ID')

const COMPLAINT_PAUSE_MS = 10_000

/** The listening port: tells requests from everything else, and new requests from duplicates. */
export class Listener {
  readonly socket: Socket
  readonly sessions: Sessions
  readonly #settings: TftpSettings
  readonly #host: SessionHost
  readonly #backlog = new Backlog()
  /** Requests that were served a moment ago and came again, until it is clear that nothing newer waits behind them. */
  readonly #held = new Map<string, Request>()
  #complainedAtMs = -Infinity
  #closed = false

  constructor(settings: TftpSettings, port: number) {
    this.#settings = settings
    this.sessions = new Sessions(settings.limits)
    this.#host = {
      settings,
      sendFromListener: this.#send,
      onSent: this.#onSent,
      onForeign: this.#answerForeign,
      onEnd: this.#onEnd,
    }
    this.socket = openSocket(settings.address, port, this.#receive, this.#onSent)
  }

  /** Takes no more requests and lets running transfers end, within the grace of the limits. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#held.clear()
    await this.sessions.drain(this.#settings.limits.closeGraceMs)
    await new Promise<void>((resolve) => this.socket.close(resolve))
  }

  readonly #receive = (datagram: Buffer, from: RemoteInfo): void => {
    this.#backlog.note()
    const opcode = readOpcode(datagram)
    // Nothing can be sent to port 0; an ERROR is never answered (RFC 1350 §7), and what has no opcode is noise.
    if (this.#closed || from.port === 0 || opcode === null || opcode === OPCODE.error) return
    const peer = describePeer(from)
    if (!this.#settings.allowed(peer.source)) return
    if (opcode !== OPCODE.read) {
      this.#send(opcode === OPCODE.write ? READ_ONLY : ILLEGAL, peer)
      return
    }
    const parsed = parseReadRequest(datagram)
    if (parsed === null) this.#send(ILLEGAL, peer)
    else this.#receiveRequest({ peer, datagram, parsed, doubtful: false })
  }

  #receiveRequest(request: Request): void {
    const { key } = request.peer
    const active = this.sessions.find(key)
    if (active?.request.datagram.equals(request.datagram) === true) {
      active.receiveSameRequest()
      return
    }
    // One port has one request: whoever asks for something else has given up what went before.
    active?.end('superseded')
    if (this.sessions.wasServed(key, request.datagram)) this.#hold(request)
    else {
      this.#held.delete(key)
      this.#open(request)
    }
  }

  /**
   * A client sends a request again only before it has seen an answer, so on a path that keeps order every duplicate is in
   * our queue before the ACK that ends the transfer. A request that was just served and comes again is therefore kept until
   * the queue is read empty: if the port asks for something else meanwhile, it was a duplicate of a client now gone.
   */
  #hold(request: Request): void {
    const { key } = request.peer
    if (this.#held.has(key)) return
    this.#held.set(key, { ...request, doubtful: true })
    this.#backlog.whenRead(() => this.#openHeld(key))
  }

  #openHeld(key: string): void {
    const request = this.#held.get(key)
    this.#held.delete(key)
    if (request !== undefined && this.sessions.find(key) === undefined) this.#open(request)
  }

  readonly #onEnd = (session: Session, outcome: Outcome): void => {
    this.sessions.remove(session, outcome === 'served')
    if (!session.askedAgain || this.#closed || outcome === 'superseded') return
    if (outcome === 'served') this.#hold(session.request)
    else this.#open({ ...session.request, doubtful: false })
  }

  #open(request: Request): void {
    if (this.#closed || !this.sessions.hasRoom(request.peer.source)) return
    const session = new Session(this.#host, request)
    this.sessions.add(session)
    session.begin()
  }

  /** RFC 1350 §4: a wrong source port gets an error, and the transfer goes on undisturbed. */
  readonly #answerForeign = (socket: Socket, datagram: Buffer, from: RemoteInfo): void => {
    const opcode = readOpcode(datagram)
    if (from.port === 0 || opcode === null || opcode === OPCODE.error) return
    const { source } = describePeer(from)
    if (this.#settings.allowed(source)) socket.send(UNKNOWN_TID, from.port, from.address, this.#onSent)
  }

  readonly #send = (packet: Buffer, peer: Peer): void => {
    this.socket.send(packet, peer.port, peer.address, this.#onSent)
  }

  /** A packet that could not be sent is a lost packet, and the protocol repairs that; now and then it is worth a line. */
  readonly #onSent = (error: Error | null): void => {
    if (error === null || performance.now() - this.#complainedAtMs < COMPLAINT_PAUSE_MS) return
    this.#complainedAtMs = performance.now()
    this.#settings.log.warn({ err: error }, 'tftp packet not sent')
  }
}
