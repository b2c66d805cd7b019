import { parseParameters } from './address.ts'
import { ClientTransaction, RFC_TIMERS, type Timers } from './client-transaction.ts'
import {
  Headers,
  parseMessage,
  serialiseMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './message.ts'
import { ServerTransaction } from './server-transaction.ts'
import { token } from './token.ts'
import { openTransport, type Peer, type Transport, type TransportOptions } from './transport.ts'

/** The transaction layer of RFC 3261 §17 over one transport. */
export class Transactions {
  /** Receives every new request; an ACK comes without the duty to answer. */
  onRequest: ((transaction: ServerTransaction) => void) | undefined
  /** Sees every message, for looking into a failing test; it may hold digests, never passwords. */
  onTrace: ((direction: 'in' | 'out', text: string) => void) | undefined
  transport!: Transport
  retransmissions = 0
  /** Why datagrams were dropped that are no SIP messages. */
  readonly malformed: Error[] = []
  readonly #timers: Timers
  readonly #clients = new Map<string, ClientTransaction>()
  readonly #servers = new Map<string, ServerTransaction>()
  readonly #forgetting = new Set<NodeJS.Timeout>()

  private constructor(timers: Timers) {
    this.#timers = timers
  }

  static async open(options: TransportOptions, timers: Timers = RFC_TIMERS): Promise<Transactions> {
    const layer = new Transactions(timers)
    const carrier = await openTransport(options, {
      message: (bytes, from) => layer.#receive(bytes, from),
      lost: (reason) => layer.#fail(reason),
    })
    const send = (bytes: Buffer, to: Peer): void => {
      layer.onTrace?.('out', bytes.toString('utf8'))
      carrier.send(bytes, to)
    }
    layer.transport = { ...carrier, send }
    return layer
  }

  /** Starts a request; its Via is added here. */
  send(request: SipRequest, to: Peer): ClientTransaction {
    const branch = `z9hG4bK${token()}`
    const stamped = { ...request, headers: new Headers([['Via', this.#via(branch)], ...request.headers]) }
    const transaction = new ClientTransaction(stamped, this.transport, to, this.#timers)
    const key = `${branch} ${request.method}`
    this.#clients.set(key, transaction)
    const forget = (): void => {
      this.retransmissions += transaction.retransmissions
      // A 2xx or a refusal may come again when our ACK was lost (RFC 3261 §13.2.2.4).
      if (request.method === 'INVITE') this.#later(() => this.#clients.delete(key))
      else this.#clients.delete(key)
    }
    transaction.final.then(forget, forget)
    transaction.start()
    return transaction
  }

  /** Sends an ACK for a 2xx and repeats it whenever that 2xx comes again. */
  acknowledge(invite: ClientTransaction, ack: SipRequest, to: Peer): void {
    const via = this.#via(`z9hG4bK${token()}`)
    invite.acknowledgement = serialiseMessage({ ...ack, headers: new Headers([['Via', via], ...ack.headers]) })
    this.transport.send(invite.acknowledgement, to)
  }

  /** Cancels an INVITE with its own branch (RFC 3261 §9.1). */
  async cancel(invite: ClientTransaction, to: Peer): Promise<SipResponse> {
    const kept = new Set(['via', 'from', 'to', 'call-id', 'route', 'max-forwards'])
    const headers = [...invite.request.headers].filter(([name]) => kept.has(name.toLowerCase()))
    headers.push(['CSeq', `${invite.request.headers.need('CSeq').split(' ')[0]!} CANCEL`])
    const request: SipRequest = { ...invite.request, method: 'CANCEL', headers: new Headers(headers), body: '' }
    const transaction = new ClientTransaction(request, this.transport, to, this.#timers)
    const key = `${branchOf(request)} CANCEL`
    this.#clients.set(key, transaction)
    transaction.start()
    return transaction.final.finally(() => this.#clients.delete(key))
  }

  /** Stops every timer and closes the transport; requests under way fail. */
  async close(): Promise<void> {
    for (const timer of this.#forgetting) clearTimeout(timer)
    for (const transaction of this.#servers.values()) transaction.settle()
    this.#fail(new Error('the SIP agent was closed'))
    await this.transport.close()
  }

  #via(branch: string): string {
    const { kind, local } = this.transport
    return `SIP/2.0/${kind.toUpperCase()} ${local.host}:${local.port};rport;branch=${branch}`
  }

  #fail(reason: Error): void {
    for (const transaction of this.#clients.values()) transaction.fail(reason)
  }

  #later(forget: () => void): void {
    const timer = setTimeout(() => {
      this.#forgetting.delete(timer)
      forget()
    }, this.#timers.giveUpMs)
    this.#forgetting.add(timer)
  }

  #receive(bytes: Buffer, from: Peer): void {
    this.onTrace?.('in', bytes.toString('utf8'))
    const message = this.#parse(bytes)
    if (!message) return
    if (message.kind === 'request') this.#receiveRequest(message, from)
    else this.#clients.get(`${branchOf(message)} ${message.headers.need('CSeq').split(' ')[1]!}`)?.receive(message)
  }

  /** A datagram may be meant for whoever had this port before; on a connection it would be an error of the peer. */
  #parse(bytes: Buffer): SipMessage | undefined {
    try {
      return parseMessage(bytes)
    } catch (error) {
      if (this.transport.reliable) throw error
      this.malformed.push(error as Error)
      return undefined
    }
  }

  #receiveRequest(request: SipRequest, from: Peer): void {
    const branch = branchOf(request)
    const method = request.method === 'ACK' || request.method === 'CANCEL' ? 'INVITE' : request.method
    const known = this.#servers.get(`${branch} ${method}`)
    if (request.method === 'ACK' && known) {
      known.settle()
      return
    }
    if (request.method === 'CANCEL') {
      this.#receiveCancel(request, from, known)
      return
    }
    if (known) {
      known.resend()
      return
    }
    const transaction = new ServerTransaction(request, from, this.transport, this.#timers)
    if (request.method !== 'ACK') {
      this.#servers.set(`${branch} ${method}`, transaction)
      this.#later(() => this.#servers.delete(`${branch} ${method}`))
    }
    this.onRequest?.(transaction)
  }

  #receiveCancel(request: SipRequest, from: Peer, invite: ServerTransaction | undefined): void {
    const transaction = new ServerTransaction(request, from, this.transport, this.#timers)
    transaction.respond(invite ? 200 : 481)
    invite?.cancel()
  }
}

function branchOf(message: SipMessage): string {
  const via = message.headers.list('Via')[0] ?? ''
  return parseParameters(via.slice(via.indexOf(';'))).get('branch') ?? ''
}
