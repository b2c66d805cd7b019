import { randomBytes } from 'node:crypto'
import type { AskPatiently } from './ask-patiently.ts'
import type { CloudLogin } from './connector.ts'
import { quoteAnswer, RedirectFailure } from './fault.ts'
import { signHawk } from './hawk.ts'
import { isObject, readJson, textOf } from './read-json.ts'
import type { Ask, Reply } from './wire.ts'

export type AskHawk = (method: Ask['method'], url: string, body: unknown, signal: AbortSignal) => Promise<Reply>

/**
 * Signed calls of one account. Statuses 401 and 403 are thrown, all others given back.
 * @throws RedirectFailure also for an address that is not the service's own: a link in an answer must not lead elsewhere
 */
export function hawkAccount({ url: base, login }: CloudLogin, ask: AskPatiently): AskHawk {
  const { host, origin } = new URL(base)
  const key = { id: login['key-id']!.reveal(), key: login['key-secret']!.reveal() }
  return async (method, url, content, signal) => {
    if (URL.parse(url)?.origin !== origin) throw new RedirectFailure('unreadable', `${host} links to another server.`)
    const body = content === undefined ? '' : JSON.stringify(content)
    const contentType = body === '' ? '' : 'application/json'
    const reply = await ask(() => {
      const once = { timeS: Math.floor(Date.now() / 1_000), nonce: randomBytes(12).toString('base64url') }
      const authorization = signHawk(key, { method, url, contentType, body }, once)
      const headers = { authorization, accept: 'application/json', ...(body !== '' && { 'content-type': contentType }) }
      return { method, url, headers, ...(body !== '' && { body }) }
    }, signal)
    if (reply.status === 401) throw explain401(reply, host)
    if (reply.status === 403)
      throw new RedirectFailure(
        'forbidden',
        `${host} forbids it to this key (403). Give the key a role that may register phones.`,
      )
    return reply
  }
}

/** What a refusal says, for people. */
export function wordsOf(reply: Reply, host: string, secrets: readonly string[]): string {
  const answer = /^\s*\{/.test(reply.text) ? readJson(reply, host) : {}
  const words = isObject(answer)
    ? (textOf(answer, 'message') ?? textOf(answer, 'detail') ?? textOf(answer, 'error') ?? '')
    : ''
  return quoteAnswer(words, secrets)
}

/** A service whose clock differs says what time it has: Hawk, section Replay Protection. */
function explain401(reply: Reply, host: string): RedirectFailure {
  const stated = /\bts="(\d{1,12})"/.exec(reply.headers['www-authenticate'] ?? '')?.[1]
  if (stated === undefined)
    return new RedirectFailure('login-refused', `${host} refuses the key (401). Check key-id and key-secret.`)
  const offS = Math.round(Date.now() / 1_000) - Number(stated)
  return new RedirectFailure(
    'clock-off',
    `The clock of this machine is ${offS} seconds off that of ${host}. Set it, for example by NTP.`,
  )
}
