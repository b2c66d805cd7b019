import { randomBytes } from 'node:crypto'
import type { AskPatiently } from './ask-patiently.ts'
import type { CloudLogin } from './connector.ts'
import { quoteAnswer, RedirectFailure } from './fault.ts'
import { isObject, type JsonObject, readJson, readObject, textOf } from './read-json.ts'
import type { Ask, Reply } from './wire.ts'

export type AskYmcs = (
  method: 'POST' | 'PATCH',
  path: string,
  body: unknown,
  signal: AbortSignal,
) => Promise<JsonObject>

/** A token is renewed so long before it runs out. */
const MARGIN_MS = 60_000

/**
 * Calls of one YMCS account: OAuth 2.0 client credentials, and a timestamp in milliseconds and a nonce of 32 hex digits on
 * every call, that for the token included.
 */
export function ymcsAccount({ url, login }: CloudLogin, ask: AskPatiently): AskYmcs {
  const { host } = new URL(url)
  const [id, secret] = [login['access-key-id']!.reveal(), login['access-key-secret']!.reveal()]
  let token: { text: string; untilMs: number } | null = null
  const hidden = () => [id, secret, ...(token ? [token.text] : [])]

  const make = (method: Ask['method'], path: string, body: unknown, authorization: string): Ask => ({
    ...{ method, url: `${url}${path}`, body: JSON.stringify(body) },
    headers: {
      ...{ authorization, 'content-type': 'application/json', accept: 'application/json' },
      ...{ timestamp: String(Date.now()), nonce: randomBytes(16).toString('hex') },
    },
  })

  async function takeToken(signal: AbortSignal): Promise<string> {
    if (token && Date.now() < token.untilMs) return token.text
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const reply = await ask(() => make('POST', '/v2/token', { grant_type: 'client_credentials' }, basic), signal)
    if (reply.status !== 200) throw explain(reply, host, 'the token', hidden())
    const answer = readObject(reply, host)
    const [text, lastsS] = [textOf(answer, 'access_token'), Number(answer['expires_in'])]
    if (text === null || !(lastsS > 0)) throw new RedirectFailure('unreadable', `${host} gave no access token.`)
    token = { text, untilMs: Date.now() + Math.max(lastsS * 1_000 - MARGIN_MS, 0) }
    return text
  }

  return async (method, path, body, signal) => {
    for (let fresh = false; ; fresh = true) {
      const bearer = await takeToken(signal)
      const reply = await ask(() => make(method, path, body, `Bearer ${bearer}`), signal)
      if (reply.status >= 200 && reply.status < 300) return reply.text === '' ? {} : readObject(reply, host)
      // Revoked before its time, or the service has restarted.
      if (reply.status !== 401 || fresh) throw explain(reply, host, path, hidden())
      token = null
    }
  }
}

function explain(reply: Reply, host: string, what: string, secrets: readonly string[]): RedirectFailure {
  const answer = reply.text.startsWith('{') ? readJson(reply, host) : {}
  const { code, said } = isObject(answer)
    ? { code: textOf(answer, 'code') ?? textOf(answer, 'error'), said: textOf(answer, 'message') }
    : { code: null, said: null }
  const words = said === null ? '' : `: ${quoteAnswer(said, secrets)}`
  const where = `${host} refuses ${what} (${reply.status}${code === null ? '' : `, ${quoteAnswer(code)}`})${words}`
  if (code === '900429') return new RedirectFailure('rate-limited', `${where}.`)
  if (/timestamp/i.test(said ?? ''))
    return new RedirectFailure('clock-off', `${where}. Set the clock of this machine, for example by NTP.`)
  if (reply.status === 401)
    return new RedirectFailure('login-refused', `${where}. Check access-key-id and access-key-secret.`)
  if (reply.status === 403)
    return new RedirectFailure('forbidden', `${where}. Ask Yealink support what the account may do.`)
  return new RedirectFailure('unreadable', `${where}.`)
}
