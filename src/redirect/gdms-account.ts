import { createHash } from 'node:crypto'
import type { AskPatiently } from './ask-patiently.ts'
import type { CloudLogin } from './connector.ts'
import { quoteAnswer, RedirectFailure } from './fault.ts'
import { readObject, textOf } from './read-json.ts'

/** The answer's `data`, or how it was refused. */
export type GdmsAnswer = { data: unknown } | { refused: { code: string; words: string } }
export type AskGdms = (path: string, body: unknown, signal: AbortSignal) => Promise<GdmsAnswer>

const MARGIN_MS = 60_000
/** The guide: a token is good for an hour. */
const USUAL_LIFE_S = 3_600

/**
 * Calls of one account at Grandstream (GDMS API Guide): an OAuth token for the user's password, and on every call a
 * signature over token, client, time and body.
 */
export function gdmsAccount({ url, login }: CloudLogin, ask: AskPatiently): AskGdms {
  const { host } = new URL(url)
  const take = (name: string) => login[name]!.reveal()
  const [client_id, client_secret] = [take('api-id'), take('secret-key')]
  const [username, password] = [take('user'), hashGdmsPassword(take('password'))]
  let token: { text: string; untilMs: number } | null = null
  const hidden = () => [client_secret, password, take('password'), ...(token ? [token.text] : [])]

  async function takeToken(signal: AbortSignal): Promise<string> {
    if (token && Date.now() < token.untilMs) return token.text
    const form = new URLSearchParams({ username, password, grant_type: 'password', client_id, client_secret })
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const make = () => ({ method: 'POST', url: `${url}/oapi/oauth/token`, headers, body: form.toString() }) as const
    const reply = await ask(make, signal)
    if (reply.status === 400 || reply.status === 401 || reply.status === 403)
      throw new RedirectFailure(
        'login-refused',
        `${host} gives no token (${reply.status}). Check api-id, secret-key, user and password, and that the API is switched on there.`,
      )
    const answer = readObject(reply, host)
    const text = textOf(answer, 'access_token')
    if (text === null) throw new RedirectFailure('login-refused', `${host} answered ${reply.status} without a token.`)
    const lastsS = Number(answer['expires_in']) || USUAL_LIFE_S
    token = { text, untilMs: Date.now() + Math.max(lastsS * 1_000 - MARGIN_MS, 0) }
    return text
  }

  return async (path, content, signal) => {
    const body = JSON.stringify(content)
    for (let fresh = false; ; fresh = true) {
      const access_token = await takeToken(signal)
      const reply = await ask(() => {
        const timestamp = String(Date.now())
        const signature = signGdms({ access_token, client_id, client_secret, timestamp }, body)
        const query = new URLSearchParams({ access_token, timestamp, signature }).toString()
        const headers = { 'content-type': 'application/json', accept: 'application/json' }
        return { method: 'POST', url: `${url}/oapi/v1.0.0/${path}?${query}`, headers, body }
      }, signal)
      if (reply.status !== 401 && reply.status >= 400)
        throw new RedirectFailure(
          reply.status === 403 ? 'forbidden' : 'unreadable',
          `${host} answered ${path} with ${reply.status}.`,
        )
      const answer = reply.status === 401 ? {} : readObject(reply, host)
      const code = reply.status === 401 ? '401' : textOf(answer, 'retCode')
      const words = quoteAnswer(textOf(answer, 'msg') ?? '', hidden())
      if (code === null) throw new RedirectFailure('unreadable', `${host} answered ${path} without a retCode.`)
      if (code === '0') return { data: answer['data'] }
      if (/timestamp/i.test(words))
        throw new RedirectFailure('clock-off', `${host}: ${words}. Set the clock of this machine, for example by NTP.`)
      if (reply.status !== 401 && !/token/i.test(words)) return { refused: { code, words } }
      if (fresh) throw new RedirectFailure('login-refused', `${host} refuses its own token (${code}) ${words}`)
      token = null
    }
  }
}

/** SHA-256, in hex, of the MD5, in hex, of what the user types. */
export function hashGdmsPassword(password: string): string {
  return hashHex('sha256', hashHex('md5', password))
}

/** The parameters in the order of their names, and the hash of the body where there is one. */
export function signGdms(parameters: Readonly<Record<string, string>>, body: string): string {
  const pairs = Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${parameters[name]!}`)
  return hashHex('sha256', `&${pairs.join('&')}&${body === '' ? '' : `${hashHex('sha256', body)}&`}`)
}

function hashHex(algorithm: 'md5' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex')
}
