import { sequenceOf, type Dialog } from './dialog.ts'
import type { Line } from './line.ts'
import type { SipRequest } from './message.ts'
import { Refusal } from './refusal.ts'
import type { RtpStream } from './rtp.ts'
import { formatSdp, OFFERED_DIGITS_PAYLOAD, parseSdp, type AudioDescription } from './sdp.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { Changes, PATIENCE_MS } from './waiting.ts'

export type CallState = 'calling' | 'ringing' | 'answered' | 'ended'

/** How a call ended. */
export interface Ending {
  readonly by: 'us' | 'them'
  /** The status of a call that was not answered, 200 after an answered one. */
  readonly status: number
  readonly reason: string
}

export interface CallOptions {
  /** The frequency of the sine that we send, in Hz; silence without it. */
  readonly tone?: number
}

/** What both directions of a call have in common: its audio, its dialog and how it ends. */
export abstract class Call {
  state: CallState = 'calling'
  /** The last status that was sent or received for the INVITE. */
  status = 0
  ending: Ending | undefined
  readonly media: RtpStream
  protected readonly line: Line
  protected readonly changes = new Changes()
  protected dialog: Dialog | undefined
  protected forget: () => void = () => undefined
  #sdpVersion = 0
  #reinvite: ServerTransaction | undefined

  protected constructor(line: Line, media: RtpStream, options: CallOptions) {
    this.line = line
    this.media = media
    media.play(options.tone)
  }

  /** Who is at the other end, for error messages. */
  abstract get peer(): string

  /** Ends the call from our side in whatever state it is, and resolves once the far end agreed. */
  abstract hangUp(): Promise<void>

  /** Resolves with how the call ended. */
  ended(timeoutMs: number = PATIENCE_MS): Promise<Ending> {
    return this.changes.until(
      () => this.ending,
      `the call with ${this.peer} to end`,
      timeoutMs,
      () => this.seen(),
    )
  }

  /** Resolves once we clearly hear that tone. */
  waitForTone(frequencyHz: number, timeoutMs?: number): Promise<void> {
    return this.media.waitForTone(frequencyHz, timeoutMs)
  }

  /** Presses digits as RFC 4733 events; resolves when they are sent. */
  sendDigits(digits: string): Promise<void> {
    return this.media.sendDigits(digits)
  }

  protected seen(): string {
    return `it is ${this.state}, status ${this.status}`
  }

  protected move(state: CallState): void {
    this.state = state
    this.changes.notify()
  }

  protected end(ending: Ending): void {
    if (this.ending) return
    this.ending = ending
    this.media.close()
    this.forget()
    this.move('ended')
  }

  /** Our side of the audio, as an SDP body. */
  protected describe(digitsPayload: number | undefined, direction: AudioDescription['direction'] = 'sendrecv'): string {
    this.#sdpVersion += 1
    const host = this.line.agent.mediaHost
    return formatSdp({ host, port: this.media.port, digitsPayload, direction }, this.#sdpVersion)
  }

  /** Says BYE. An answer of 481 means that the far end hung up at the same moment. */
  protected async sayBye(dialog: Dialog): Promise<void> {
    const to = dialog.nextHop ?? this.line.server
    const { response } = await this.line.transact(dialog.draft('BYE'), () => dialog.nextSequence(), to)
    this.end({ by: 'us', status: 200, reason: 'we hung up' })
    if (response.status !== 200 && response.status !== 481) throw new Refusal('BYE', this.line.account.user, response)
  }

  /** A request inside the dialog. */
  protected receive(transaction: ServerTransaction): void {
    const { request } = transaction
    switch (request.method) {
      case 'ACK':
        this.receiveAck(request)
        break
      case 'BYE':
        transaction.respond(200)
        this.end({ by: 'them', status: 200, reason: request.headers.get('Reason') ?? 'they hung up' })
        break
      case 'INVITE':
      case 'UPDATE':
        this.#receiveOffer(transaction)
        break
      case 'INFO':
      case 'NOTIFY':
      case 'OPTIONS':
        transaction.respond(200)
        break
      default:
        transaction.respond(405)
    }
  }

  /** The ACK of an INVITE that we answered; only a callee has one to match. */
  protected receiveAck(request: SipRequest): void {
    if (this.#reinvite && sequenceOf(request) === sequenceOf(this.#reinvite.request)) this.#reinvite.settle()
  }

  /** Asterisk sends re-INVITEs to move the audio (direct_media), to hold and to resume. */
  #receiveOffer(transaction: ServerTransaction): void {
    const { request } = transaction
    if (request.method === 'INVITE') this.#reinvite = transaction
    const contact = ['Contact', `<${this.line.contact}>`] as const
    if (request.body === '') {
      const body = request.method === 'INVITE' ? this.describe(OFFERED_DIGITS_PAYLOAD) : ''
      transaction.respond(200, body === '' ? [contact] : [contact, SDP_BODY], body)
      return
    }
    const offer = parseSdp(request.body)
    this.media.connect(offer)
    transaction.respond(200, [contact, SDP_BODY], this.describe(offer.digitsPayload, answerTo(offer.direction)))
  }
}

export const SDP_BODY = ['Content-Type', 'application/sdp'] as const

/** The direction that answers an offered one (RFC 3264 §6.1). */
export function answerTo(offered: AudioDescription['direction']): AudioDescription['direction'] {
  if (offered === 'sendonly') return 'recvonly'
  return offered === 'recvonly' ? 'sendonly' : offered
}
