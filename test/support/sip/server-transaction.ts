import { tagOf } from './address.ts'
import { Headers, serialiseMessage, type Header, type SipRequest } from './message.ts'
import type { Timers } from './client-transaction.ts'
import { token } from './token.ts'
import type { Peer, Transport } from './transport.ts'

/** The reason phrases of the responses that these agents give (RFC 3261 §21). */
const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  489: 'Bad Event',
  603: 'Decline',
}

/** A request received: answers it, repeats the answer when the request is repeated. */
export class ServerTransaction {
  readonly request: SipRequest
  readonly from: Peer
  /** The tag that this agent puts into To, one for every response (RFC 3261 §8.2.6.2). */
  readonly tag = token()
  /** Called when the far end cancels an INVITE that is not yet answered; the 487 is already sent. */
  onCancel: (() => void) | undefined
  readonly #transport: Transport
  readonly #timers: Timers
  #last: Buffer | undefined
  #answered = false
  #repeat: NodeJS.Timeout | undefined

  constructor(request: SipRequest, from: Peer, transport: Transport, timers: Timers) {
    this.request = request
    this.from = from
    this.#transport = transport
    this.#timers = timers
  }

  /** Whether a final response went out. */
  get answered(): boolean {
    return this.#answered
  }

  /** Sends a response. @throws Error when a final one went out before. */
  respond(status: number, headers: readonly Header[] = [], body = ''): void {
    if (this.#answered) throw new Error(`${this.request.method} was already answered`)
    const to = this.request.headers.need('To')
    const copied: Header[] = [
      ...this.#vias().map((via): Header => ['Via', via]),
      ...this.request.headers.all('Record-Route').map((route): Header => ['Record-Route', route]),
      ['From', this.request.headers.need('From')],
      ['To', status === 100 || tagOf(to) !== '' ? to : `${to};tag=${this.tag}`],
      ['Call-ID', this.request.headers.need('Call-ID')],
      ['CSeq', this.request.headers.need('CSeq')],
    ]
    const reason = REASONS[status] ?? 'Unknown'
    this.#last = serialiseMessage({
      kind: 'response',
      status,
      reason,
      headers: new Headers([...copied, ...headers]),
      body,
    })
    this.#answered = status >= 200
    this.resend()
    // A 2xx is repeated over every transport until it is acknowledged (RFC 3261 §13.3.1.4), a refusal over UDP only.
    if (this.#answered && this.request.method === 'INVITE' && (status < 300 || !this.#transport.reliable)) {
      this.#repeatAfter(this.#timers.t1Ms, Date.now() + this.#timers.giveUpMs)
    }
  }

  /** Sends the last response again, because the request came again. */
  resend(): void {
    if (this.#last) this.#transport.send(this.#last, this.from)
  }

  /** Stops repeating: the ACK arrived, or the agent closes. */
  settle(): void {
    clearTimeout(this.#repeat)
  }

  /** Ends an unanswered INVITE on CANCEL with 487 (RFC 3261 §9.2). */
  cancel(): void {
    if (this.#answered) return
    this.respond(487)
    this.onCancel?.()
  }

  #repeatAfter(delayMs: number, deadline: number): void {
    if (Date.now() + delayMs > deadline) return
    this.#repeat = setTimeout(() => {
      this.resend()
      this.#repeatAfter(Math.min(delayMs * 2, this.#timers.t2Ms), deadline)
    }, delayMs)
  }

  /** Fills `rport` and `received` of the topmost Via where the sender asked for it (RFC 3581 §4). */
  #vias(): string[] {
    const [first = '', ...rest] = this.request.headers.list('Via')
    const filled = first.replace(/;rport(?=;|$)/i, `;rport=${this.from.port};received=${this.from.host}`)
    return [filled, ...rest]
  }
}
