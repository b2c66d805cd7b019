import { isIP } from 'node:net'
import { tagOf, parseUri } from './address.ts'
import type { Timers } from './client-transaction.ts'
import { dialogKey } from './dialog.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { Transactions } from './transactions.ts'
import type { TransportOptions } from './transport.ts'

/** Takes the requests of one dialog or of one line. */
export type RequestTaker = (transaction: ServerTransaction) => void

/** One transport shared by any number of lines; hands each request to the dialog or the line that it is for. */
export class UserAgent {
  readonly transactions: Transactions
  readonly #dialogs = new Map<string, RequestTaker>()
  readonly #lines = new Map<string, RequestTaker>()

  private constructor(transactions: Transactions) {
    this.transactions = transactions
    transactions.onRequest = (transaction) => this.#dispatch(transaction)
  }

  static async open(options: TransportOptions, timers?: Timers): Promise<UserAgent> {
    return new UserAgent(await Transactions.open(options, timers))
  }

  /** Requests to `sip:user@…` outside of any dialog go to `take`. */
  addLine(user: string, take: RequestTaker): void {
    this.#lines.set(user, take)
  }

  /** Requests of the dialog with that Call-ID and tag of ours go to `take`, until the returned function is called. */
  addDialog(callId: string, localTag: string, take: RequestTaker): () => void {
    const key = dialogKey(callId, localTag)
    this.#dialogs.set(key, take)
    return () => this.#dialogs.delete(key)
  }

  /** The address for RTP: that of the transport, or loopback where a WebSocket knows none. */
  get mediaHost(): string {
    const { host } = this.transactions.transport.local
    return isIP(host) ? host : '127.0.0.1'
  }

  close(): Promise<void> {
    return this.transactions.close()
  }

  #dispatch(transaction: ServerTransaction): void {
    const { request } = transaction
    const tag = tagOf(request.headers.need('To'))
    const take =
      tag === ''
        ? this.#lines.get(parseUri(request.uri).user)
        : this.#dialogs.get(dialogKey(request.headers.need('Call-ID'), tag))
    if (take) take(transaction)
    else if (request.method !== 'ACK') transaction.respond(tag === '' ? 404 : 481)
  }
}
