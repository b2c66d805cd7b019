import { Headers, serialiseMessage, type SipRequest, type SipResponse } from './message.ts'
import type { Peer, Transport } from './transport.ts'

/** The timers of RFC 3261 §17: first repetition, longest gap, and the whole patience (64 × T1). */
export interface Timers {
  readonly t1Ms: number
  readonly t2Ms: number
  readonly giveUpMs: number
}

export const RFC_TIMERS: Timers = { t1Ms: 500, t2Ms: 4000, giveUpMs: 32_000 }

/** A request under way: repeats it over UDP until it is answered and acknowledges a refused INVITE. */
export class ClientTransaction {
  readonly request: SipRequest
  /** Resolves with the final response. */
  readonly final: Promise<SipResponse>
  onProvisional: ((response: SipResponse) => void) | undefined
  /** What answers a repeated 2xx of an INVITE. */
  acknowledgement: Buffer | undefined
  retransmissions = 0
  provisional = false
  readonly #transport: Transport
  readonly #to: Peer
  readonly #timers: Timers
  #repeat: NodeJS.Timeout | undefined
  #deadline: NodeJS.Timeout | undefined
  #settled = false
  #resolve!: (response: SipResponse) => void
  #reject!: (error: Error) => void

  constructor(request: SipRequest, transport: Transport, to: Peer, timers: Timers) {
    this.request = request
    this.#transport = transport
    this.#to = to
    this.#timers = timers
    this.final = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Sends the request and starts the timers. */
  start(): void {
    const bytes = serialiseMessage(this.request)
    this.#transport.send(bytes, this.#to)
    if (!this.#transport.reliable) this.#repeatAfter(this.#timers.t1Ms, bytes)
    this.#deadline = setTimeout(() => this.fail(this.#unanswered()), this.#timers.giveUpMs)
  }

  /** Takes a response with this transaction's branch. */
  receive(response: SipResponse): void {
    if (response.status < 200) {
      this.#receiveProvisional(response)
      return
    }
    if (this.request.method === 'INVITE') this.#acknowledge(response)
    if (this.#settled) return
    this.#settle()
    this.#resolve(response)
  }

  /** Ends the wait with an error. */
  fail(error: Error): void {
    if (this.#settled) return
    this.#settle()
    this.#reject(error)
  }

  #receiveProvisional(response: SipResponse): void {
    if (this.#settled) return
    this.provisional = true
    if (this.request.method === 'INVITE') {
      // A ringing phone may ring for longer than any timer (RFC 3261 §17.1.1.2: "Proceeding" has none).
      clearTimeout(this.#repeat)
      clearTimeout(this.#deadline)
    }
    this.onProvisional?.(response)
  }

  #repeatAfter(delayMs: number, bytes: Buffer): void {
    this.#repeat = setTimeout(() => {
      this.retransmissions += 1
      this.#transport.send(bytes, this.#to)
      const next = this.request.method === 'INVITE' ? delayMs * 2 : Math.min(delayMs * 2, this.#timers.t2Ms)
      this.#repeatAfter(next, bytes)
    }, delayMs)
  }

  /** A refusal is acknowledged hop by hop with the INVITE's own branch (RFC 3261 §17.1.1.3). */
  #acknowledge(response: SipResponse): void {
    if (response.status < 300) {
      if (this.acknowledgement) this.#transport.send(this.acknowledgement, this.#to)
      return
    }
    const kept = new Set(['via', 'from', 'call-id', 'route', 'max-forwards'])
    const headers = [...this.request.headers].filter(([name]) => kept.has(name.toLowerCase()))
    const sequence = this.request.headers.need('CSeq').split(' ')[0]!
    headers.push(['To', response.headers.need('To')], ['CSeq', `${sequence} ACK`])
    const ack = { ...this.request, method: 'ACK', headers: new Headers(headers), body: '' }
    this.#transport.send(serialiseMessage(ack), this.#to)
  }

  #settle(): void {
    this.#settled = true
    clearTimeout(this.#repeat)
    clearTimeout(this.#deadline)
  }

  #unanswered(): Error {
    const { method, uri } = this.request
    const { host, port } = this.#to
    return new Error(`no answer to ${method} ${uri} from ${host}:${port} within ${this.#timers.giveUpMs} ms`)
  }
}
