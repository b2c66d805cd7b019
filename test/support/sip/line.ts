import { isIP } from 'node:net'
import { formatAddress, parseUri } from './address.ts'
import type { ClientTransaction } from './client-transaction.ts'
import type { Draft } from './dialog.ts'
import { answerChallenge, chooseChallenge, type Challenge, type DigestAlgorithm } from './digest.ts'
import { Headers, type Header, type SipRequest, type SipResponse } from './message.ts'
import { token } from './token.ts'
import type { Peer } from './transport.ts'
import type { UserAgent } from './user-agent.ts'

export const ALLOW: Header = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, INFO, UPDATE']

export interface Account {
  readonly user: string
  readonly password: string
  /** The domain of our SIP addresses; the server's address by default. */
  readonly domain?: string
  /** The realm that a challenge must name; any by default. */
  readonly realm?: string
  readonly displayName?: string
  /** Answers only challenges of this algorithm; by default the first one that is known. */
  readonly algorithm?: DigestAlgorithm
}

/** What goes with a request beside its draft. */
export interface Extras {
  readonly headers?: readonly Header[]
  readonly body?: string
  readonly onProvisional?: (response: SipResponse) => void
  /** Called with every attempt, the one without credentials and the one with them. */
  readonly onSent?: (transaction: ClientTransaction, to: Peer) => void
}

/** A request as it finally went out and its final response. */
export interface Exchange {
  readonly transaction: ClientTransaction
  readonly response: SipResponse
}

/** One account on a user agent: sends requests in its name and answers challenges with its password. */
export class Line {
  readonly agent: UserAgent
  readonly account: Account
  readonly server: Peer
  /** Our SIP address, `sip:user@domain`. */
  readonly address: string
  /** Where the server reaches this line. */
  readonly contact: string
  /** The algorithm of the last challenge that was answered. */
  answeredAlgorithm: string | undefined

  constructor(agent: UserAgent, account: Account, server: Peer) {
    const { kind, local } = agent.transactions.transport
    this.agent = agent
    this.account = account
    this.server = server
    this.address = `sip:${account.user}@${account.domain ?? server.host}`
    const transport = kind === 'udp' ? '' : `;transport=${kind === 'wss' ? 'ws' : kind}`
    this.contact = `sip:${account.user}@${local.host}:${local.port}${transport}`
  }

  /** The `From` of a new request, with a tag of its own. */
  from(tag: string): string {
    return formatAddress(this.account.displayName ?? '', this.address, tag)
  }

  /** A draft that opens something new with a number at our server or with any SIP URI. */
  draft(method: string, target: string, tag: string): Draft {
    const uri = /^sips?:/i.test(target) ? target : `sip:${target}@${this.account.domain ?? this.server.host}`
    return { method, uri, from: this.from(tag), to: `<${uri}>`, callId: `${token()}@offhook`, routes: [] }
  }

  /**
   * Sends a request, once more with credentials when it is challenged, and resolves with the last exchange.
   * @throws Error when nobody answers or the challenge cannot be met
   */
  async transact(draft: Draft, nextSequence: () => number, to: Peer, extras: Extras = {}): Promise<Exchange> {
    let credentials: Header[] = []
    for (let attempt = 0; ; attempt += 1) {
      const request = this.complete(draft, nextSequence(), [...credentials, ...(extras.headers ?? [])], extras.body)
      const transaction = this.agent.transactions.send(request, to)
      transaction.onProvisional = extras.onProvisional
      extras.onSent?.(transaction, to)
      const response = await transaction.final
      const challenge = this.#challengeOf(response)
      // A second challenge means a wrong password, unless the server only found the nonce too old (RFC 7616 §3.5).
      if (!challenge || attempt > 1 || (attempt === 1 && !challenge.stale)) return { transaction, response }
      credentials = [this.#answer(response, challenge, draft)]
    }
  }

  /** A draft as a request, all but its Via. */
  complete(draft: Draft, sequence: number, headers: readonly Header[] = [], body = ''): SipRequest {
    const { method, uri, routes } = draft
    const fixed: Header[] = [
      ['Max-Forwards', '70'],
      ...routes.map((route): Header => ['Route', route]),
      ['From', draft.from],
      ['To', draft.to],
      ['Call-ID', draft.callId],
      ['CSeq', `${sequence} ${method}`],
      ['User-Agent', 'Offhook-test'],
      ALLOW,
    ]
    const contact: Header[] = headers.some(([name]) => name === 'Contact') ? [] : [['Contact', `<${this.contact}>`]]
    return { kind: 'request', method, uri, headers: new Headers([...fixed, ...contact, ...headers]), body }
  }

  /** Where a request outside a dialog goes: the address and port that the URI names, else the server. */
  hopTo(uri: string): Peer {
    const { host, port } = parseUri(uri)
    return port !== undefined && isIP(host) ? { host, port } : this.server
  }

  #challengeOf(response: SipResponse): Challenge | undefined {
    if (response.status !== 401 && response.status !== 407) return undefined
    const name = response.status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate'
    const challenge = chooseChallenge(response.headers.all(name), this.account.algorithm)
    if (!challenge) throw new Error(`expected a Digest challenge of ${this.account.algorithm ?? 'a known algorithm'}`)
    const { realm } = this.account
    if (realm !== undefined && realm !== challenge.realm) {
      throw new Error(`expected a challenge of realm ${realm}, got ${challenge.realm}`)
    }
    return challenge
  }

  #answer(response: SipResponse, challenge: Challenge, draft: Draft): Header {
    this.answeredAlgorithm = challenge.algorithm
    const value = answerChallenge(challenge, this.account, draft.method, draft.uri)
    return [response.status === 401 ? 'Authorization' : 'Proxy-Authorization', value]
  }
}
