import { parseAddress, parseUri, type Address } from './address.ts'
import { answerTo, Call, SDP_BODY, type CallOptions } from './call.ts'
import { Dialog, sequenceOf } from './dialog.ts'
import { ALLOW, type Line } from './line.ts'
import type { SipRequest } from './message.ts'
import { RtpStream } from './rtp.ts'
import { OFFERED_DIGITS_PAYLOAD, parseSdp, type AudioDescription } from './sdp.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { PATIENCE_MS } from './waiting.ts'

/** A call that comes in; the far end has had its 100 when this exists. */
export class IncomingCall extends Call {
  /** Who calls, as From says it. */
  readonly caller: Address
  readonly #invite: ServerTransaction
  #acknowledged = false

  private constructor(line: Line, invite: ServerTransaction, media: RtpStream) {
    super(line, media, {})
    this.#invite = invite
    this.caller = parseAddress(invite.request.headers.need('From'))
    invite.onCancel = () => this.end({ by: 'them', status: 487, reason: 'the caller gave up' })
    const callId = invite.request.headers.need('Call-ID')
    this.forget = line.agent.addDialog(callId, invite.tag, (transaction) => this.receive(transaction))
  }

  /** Takes an INVITE, already answered with 100. */
  static async take(line: Line, invite: ServerTransaction): Promise<IncomingCall> {
    const media = await RtpStream.open(line.agent.mediaHost)
    const call = new IncomingCall(line, invite, media)
    if (invite.answered) call.end({ by: 'them', status: 487, reason: 'the caller gave up' })
    return call
  }

  get peer(): string {
    return this.callerNumber
  }

  /** The user part of the caller's address. */
  get callerNumber(): string {
    return parseUri(this.caller.uri).user
  }

  /** A header of the INVITE, such as `Alert-Info` or `P-Asserted-Identity`. */
  header(name: string): string | undefined {
    return this.#invite.request.headers.get(name)
  }

  /** Sends 180. */
  ring(): this {
    this.#respond(180)
    this.move('ringing')
    return this
  }

  /** Sends 200 with our audio and resolves when the caller acknowledged it. */
  async answer(options: CallOptions = {}): Promise<this> {
    const { request } = this.#invite
    const offer = request.body === '' ? undefined : parseSdp(request.body)
    this.media.play(options.tone)
    this.dialog = Dialog.ofRequest(request, this.#invite.tag)
    if (offer) this.media.connect(offer)
    this.#respond(200, this.#describeFor(offer))
    this.move('answered')
    const probe = (): true | undefined => (this.#acknowledged || this.ending ? true : undefined)
    await this.changes.until(probe, `an ACK from ${this.peer}`, PATIENCE_MS)
    return this
  }

  /** Refuses: 486 busy, 603 declined, 480 unavailable. */
  reject(status = 486): void {
    this.#respond(status)
    this.end({ by: 'us', status, reason: 'we refused' })
  }

  /** BYE when answered, 603 before. */
  async hangUp(): Promise<void> {
    if (this.state === 'ended') return
    if (!this.dialog) {
      this.reject(603)
      return
    }
    await this.sayBye(this.dialog)
  }

  protected override receiveAck(request: SipRequest): void {
    if (sequenceOf(request) !== sequenceOf(this.#invite.request)) {
      super.receiveAck(request)
      return
    }
    this.#invite.settle()
    // An INVITE without SDP gets our offer in the 200, and its answer comes with the ACK (RFC 3264 §5).
    if (request.body !== '') this.media.connect(parseSdp(request.body))
    this.#acknowledged = true
    this.changes.notify()
  }

  #describeFor(offer: AudioDescription | undefined): string {
    return offer ? this.describe(offer.digitsPayload, answerTo(offer.direction)) : this.describe(OFFERED_DIGITS_PAYLOAD)
  }

  #respond(status: number, body = ''): void {
    if (this.ending) throw new Error(`the call from ${this.peer} is over: ${this.ending.reason}`)
    this.status = status
    const headers = [['Contact', `<${this.line.contact}>`] as const, ALLOW]
    this.#invite.respond(status, body === '' ? headers : [...headers, SDP_BODY], body)
  }
}
