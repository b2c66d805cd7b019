import { Call, SDP_BODY, type CallOptions } from './call.ts'
import type { ClientTransaction } from './client-transaction.ts'
import { Dialog, sequenceOf, type Draft } from './dialog.ts'
import type { Exchange, Line } from './line.ts'
import type { SipResponse } from './message.ts'
import { Refusal } from './refusal.ts'
import { RtpStream } from './rtp.ts'
import { OFFERED_DIGITS_PAYLOAD, parseSdp } from './sdp.ts'
import { token } from './token.ts'
import type { Peer } from './transport.ts'
import { PATIENCE_MS } from './waiting.ts'

/** A call that we make. */
export class OutgoingCall extends Call {
  /** Every provisional status seen, such as 180 (ringing) or 183 (early media). */
  readonly provisionals: number[] = []
  readonly #target: string
  readonly #draft: Draft
  #invite: ClientTransaction | undefined
  #to: Peer
  #failure: Error | undefined
  #givingUp = false

  private constructor(line: Line, media: RtpStream, target: string, options: CallOptions) {
    super(line, media, options)
    const tag = token()
    this.#target = target
    this.#draft = line.draft('INVITE', target, tag)
    this.#to = line.hopTo(this.#draft.uri)
    this.forget = line.agent.addDialog(this.#draft.callId, tag, (transaction) => this.receive(transaction))
  }

  /** Sends the INVITE; what becomes of it shows in `ringing`, `answered` and `ended`. */
  static async place(line: Line, target: string, options: CallOptions = {}): Promise<OutgoingCall> {
    const media = await RtpStream.open(line.agent.mediaHost)
    const call = new OutgoingCall(line, media, target, options)
    call.#run().catch((error: unknown) => call.#fail(error as Error))
    return call
  }

  get peer(): string {
    return this.#target
  }

  /** Resolves when the far end rings (180) or sends early media (183). @throws Refusal when it refuses instead. */
  async ringing(timeoutMs: number = PATIENCE_MS): Promise<void> {
    await this.#reach((call) => call.state !== 'calling', `${this.#target} to ring`, timeoutMs)
  }

  /** Resolves when the far end answers. @throws Refusal with the status when it refuses. */
  async answered(timeoutMs: number = PATIENCE_MS): Promise<this> {
    await this.#reach((call) => call.state === 'answered', `${this.#target} to answer`, timeoutMs)
    return this
  }

  /** BYE when answered, CANCEL before. */
  async hangUp(): Promise<void> {
    if (this.state === 'ended') return
    if (this.dialog) return this.sayBye(this.dialog)
    this.#givingUp = true
    // A CANCEL before any provisional response would find no INVITE to cancel (RFC 3261 §9.1).
    const sent = (): true | undefined => (this.#invite?.provisional || this.state === 'ended' ? true : undefined)
    await this.changes.until(sent, `a response from ${this.#target} before CANCEL`, PATIENCE_MS)
    if (this.#invite && !this.ending) await this.line.agent.transactions.cancel(this.#invite, this.#to)
    await this.ended()
  }

  async #run(): Promise<void> {
    let sequence = 0
    const exchange = await this.line.transact(this.#draft, () => (sequence += 1), this.#to, {
      headers: [SDP_BODY],
      body: this.describe(OFFERED_DIGITS_PAYLOAD),
      onProvisional: (response) => this.#receiveProvisional(response),
      onSent: (transaction) => (this.#invite = transaction),
    })
    const { response } = exchange
    this.status = response.status
    if (response.status < 300) return this.#receiveAnswer(exchange)
    const by = this.#givingUp ? 'us' : 'them'
    this.end({ by, status: response.status, reason: response.reason })
  }

  #receiveProvisional(response: SipResponse): void {
    this.status = response.status
    this.provisionals.push(response.status)
    if (response.body !== '') this.media.connect(parseSdp(response.body))
    // 181 and 182 say where the call is, 180 and 183 that there is something to hear.
    this.move(response.status > 100 ? 'ringing' : this.state)
  }

  async #receiveAnswer({ transaction, response }: Exchange): Promise<void> {
    const dialog = Dialog.ofResponse(transaction.request, response)
    this.dialog = dialog
    const ack = this.line.complete(dialog.draft('ACK'), sequenceOf(transaction.request))
    this.line.agent.transactions.acknowledge(transaction, ack, dialog.nextHop ?? this.#to)
    this.media.connect(parseSdp(response.body))
    this.move('answered')
    // The answer may cross our CANCEL (RFC 3261 §9.1); then only a BYE ends the call.
    if (this.#givingUp) await this.sayBye(dialog)
  }

  #fail(error: Error): void {
    this.#failure = error
    this.end({ by: 'us', status: 0, reason: error.message })
  }

  async #reach(reached: (call: Call) => boolean, expected: string, timeoutMs: number): Promise<void> {
    const probe = (): true | undefined => {
      if (this.#failure) throw this.#failure
      if (this.ending && this.status >= 300)
        throw new Refusal(`INVITE of ${this.#target}`, this.line.account.user, this.ending)
      if (this.ending) throw new Error(`expected ${expected}, but the call ended: ${this.ending.reason}`)
      return reached(this) ? true : undefined
    }
    await this.changes.until(probe, expected, timeoutMs, () => this.seen())
  }
}
