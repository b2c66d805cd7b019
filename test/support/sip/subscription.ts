import { parseParameters } from './address.ts'
import { Dialog } from './dialog.ts'
import type { Exchange, Line } from './line.ts'
import type { SipRequest } from './message.ts'
import { Refusal } from './refusal.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { token } from './token.ts'
import { Changes, PATIENCE_MS } from './waiting.ts'

export interface Wish {
  readonly target: string
  readonly event: string
  readonly accept: string
  readonly expiresS?: number
  /** Called with every NOTIFY of this subscription. */
  readonly onNotify: (notify: SipRequest) => void
}

/** A subscription (RFC 6665), refreshed until it ends. */
export class Subscription {
  /** Why the server ended it, such as `timeout` or `noresource`; undefined while it lasts. */
  terminated: string | undefined
  refreshError: Error | undefined
  readonly #line: Line
  readonly #wish: Wish
  readonly #changes = new Changes()
  #dialog: Dialog | undefined
  #refresh: NodeJS.Timeout | undefined
  #forget: () => void = () => undefined

  private constructor(line: Line, wish: Wish) {
    this.#line = line
    this.#wish = wish
  }

  /** Subscribes. @throws Refusal with the status, such as 404 when there is no hint. */
  static async open(line: Line, wish: Wish): Promise<Subscription> {
    const subscription = new Subscription(line, wish)
    await subscription.#open()
    return subscription
  }

  /** Ends it with `Expires: 0`. */
  async close(): Promise<void> {
    this.stop()
    if (this.#dialog && this.terminated === undefined) {
      await this.#send(this.#dialog, 0)
      // Ending a subscription is answered with one last NOTIFY (RFC 6665 §4.1.2.3).
      await this.#changes.until(() => this.terminated, `the last NOTIFY of ${this.#wish.event}`, PATIENCE_MS)
    }
    this.#forget()
  }

  /** Ends the refreshing, without a word to the server. */
  stop(): void {
    clearTimeout(this.#refresh)
  }

  async #open(): Promise<void> {
    const tag = token()
    const draft = this.#line.draft('SUBSCRIBE', this.#wish.target, tag)
    // The first NOTIFY may overtake the answer to the SUBSCRIBE (RFC 6665 §4.1.2.4).
    this.#forget = this.#line.agent.addDialog(draft.callId, tag, (transaction) => this.#receive(transaction))
    const opening = new Dialog({ ...draft, local: draft.from, remote: draft.to, target: draft.uri }, 0)
    const { transaction, response } = await this.#send(
      opening,
      this.#wish.expiresS ?? 3600,
      this.#line.hopTo(draft.uri),
    )
    this.#dialog = Dialog.ofResponse(transaction.request, response)
  }

  async #send(dialog: Dialog, expiresS: number, to = dialog.nextHop ?? this.#line.server): Promise<Exchange> {
    const headers = [
      ['Event', this.#wish.event],
      ['Accept', this.#wish.accept],
      ['Expires', String(expiresS)],
    ] as const
    const next = (): number => dialog.nextSequence()
    const exchange = await this.#line.transact(dialog.draft('SUBSCRIBE'), next, to, { headers })
    const { response } = exchange
    if (response.status >= 300) {
      this.#forget()
      throw new Refusal(`SUBSCRIBE to ${this.#wish.event} ${this.#wish.target}`, this.#line.account.user, response)
    }
    if (expiresS > 0) this.#refreshAfter(Number(response.headers.get('Expires') ?? expiresS))
    return exchange
  }

  #refreshAfter(grantedS: number): void {
    this.#refresh = setTimeout(() => {
      if (!this.#dialog || this.terminated !== undefined) return
      this.#send(this.#dialog, this.#wish.expiresS ?? 3600).catch(
        (error: unknown) => (this.refreshError = error as Error),
      )
    }, grantedS * 800)
  }

  #receive(transaction: ServerTransaction): void {
    const { request } = transaction
    if (request.method !== 'NOTIFY') {
      transaction.respond(405)
      return
    }
    transaction.respond(200, [['Contact', `<${this.#line.contact}>`]])
    const state = request.headers.get('Subscription-State') ?? ''
    if (state.toLowerCase().startsWith('terminated')) {
      this.terminated = parseParameters(state.slice('terminated'.length)).get('reason') ?? 'no reason given'
      this.stop()
      this.#changes.notify()
    }
    this.#wish.onNotify(request)
  }
}
