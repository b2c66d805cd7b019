import { verifyAnswer, type Credentials } from './digest.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { token } from './token.ts'
import { Inbox } from './waiting.ts'

/** A NOTIFY outside of any subscription, such as `check-sync`. */
export interface Notify {
  readonly event: string
  readonly contentType: string | undefined
  readonly body: string
  /** Whether it came with credentials that answer our challenge. */
  readonly authenticated: boolean
}

/** Takes out-of-dialog NOTIFYs, and challenges them when told to, as Grandstream phones do with check-sync. */
export class NotifyInbox {
  readonly arrived = new Inbox<Notify>('a NOTIFY outside of a subscription')
  /** Challenges that were not met: NOTIFYs with wrong credentials. */
  refused = 0
  /** Whose credentials a NOTIFY must carry; undefined accepts every one. */
  demanded: (Credentials & { readonly realm: string }) | undefined
  readonly #nonces = new Set<string>()

  /** Answers and keeps a NOTIFY. */
  receive(transaction: ServerTransaction): void {
    const { headers, body } = transaction.request
    const authorization = headers.get('Authorization')
    if (this.demanded && authorization === undefined) {
      this.#challenge(transaction)
      return
    }
    const authenticated = authorization !== undefined && this.#verify(authorization)
    if (this.demanded && !authenticated) {
      this.refused += 1
      transaction.respond(403)
      return
    }
    transaction.respond(200)
    const event = headers.get('Event') ?? ''
    this.arrived.put({ event, contentType: headers.get('Content-Type'), body, authenticated })
  }

  #challenge(transaction: ServerTransaction): void {
    const nonce = token(16)
    this.#nonces.add(nonce)
    const realm = this.demanded?.realm ?? ''
    const value = `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"`
    transaction.respond(401, [['WWW-Authenticate', value]])
  }

  #verify(authorization: string): boolean {
    const { demanded } = this
    if (!demanded) return false
    return [...this.#nonces].some((nonce) => verifyAnswer(authorization, demanded, 'NOTIFY', nonce))
  }
}
