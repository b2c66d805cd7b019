import { parseAddress, parseUri } from './address.ts'
import type { Draft } from './dialog.ts'
import type { Line } from './line.ts'
import type { SipResponse } from './message.ts'
import { Refusal } from './refusal.ts'
import { token } from './token.ts'

export interface RegisterOptions {
  /** How long the contact shall be known, in seconds. */
  readonly expiresS?: number
  /** Registers again before that time is over; on unless said otherwise. */
  readonly refresh?: boolean
}

/** The registration of one line (RFC 3261 §10): one Call-ID for all of its REGISTER requests. */
export class Registration {
  /** Every contact that the server knows for this address, as of the last answer. */
  contacts: string[] = []
  registered = false
  /** Why the last refresh failed. */
  refreshError: Error | undefined
  readonly #line: Line
  readonly #draft: Draft
  #sequence = 0
  #refresh: NodeJS.Timeout | undefined

  constructor(line: Line) {
    const { domain } = line.account
    const uri = domain === undefined ? `sip:${line.server.host}:${line.server.port}` : `sip:${domain}`
    this.#line = line
    this.#draft = { ...line.draft('REGISTER', uri, token()), to: `<${line.address}>` }
  }

  /** Registers. @throws Refusal with the status, 401 for a wrong password or an unknown user. */
  async register(options: RegisterOptions = {}): Promise<void> {
    const { expiresS = 300, refresh = true } = options
    const response = await this.#send(expiresS)
    this.registered = true
    const grantedS = this.#grantedS(response) ?? expiresS
    if (!refresh) return
    const again = (): void => {
      this.register(options).catch((error: unknown) => (this.refreshError = error as Error))
    }
    this.#refresh = setTimeout(again, grantedS * 800)
  }

  /** Removes our contact. @throws Refusal */
  async unregister(): Promise<void> {
    await this.#send(0)
    this.registered = false
  }

  /** Ends the refreshing, without a word to the server. */
  stop(): void {
    clearTimeout(this.#refresh)
  }

  async #send(expiresS: number): Promise<SipResponse> {
    this.stop()
    const next = (): number => (this.#sequence += 1)
    const headers = [['Expires', String(expiresS)]] as const
    const { response } = await this.#line.transact(this.#draft, next, this.#line.server, { headers })
    if (response.status !== 200) {
      this.registered = false
      throw new Refusal('REGISTER', this.#line.account.user, response)
    }
    this.contacts = response.headers.list('Contact')
    return response
  }

  /** The seconds that the server granted to our own contact. */
  #grantedS(response: SipResponse): number | undefined {
    const { port } = parseUri(this.#line.contact)
    const own = this.contacts.map(parseAddress).find(({ uri }) => parseUri(uri).port === port)
    const granted = own?.parameters.get('expires') ?? response.headers.get('Expires')
    return granted === undefined ? undefined : Number(granted)
  }
}
