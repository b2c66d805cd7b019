import type { AskPatiently } from './ask-patiently.ts'
import type { CloudLogin } from './connector.ts'
import { quoteAnswer, RedirectFailure } from './fault.ts'
import { isObject, readJson, textOf } from './read-json.ts'
import type { Ask } from './wire.ts'

export type PolyAnswer = { status: number; body: unknown; words: string }
export type AskPoly = (method: Ask['method'], path: string, body: unknown, signal: AbortSignal) => Promise<PolyAnswer>

/** Calls of one account at Poly: a key in a header. */
export function polyAccount({ url, login }: CloudLogin, ask: AskPatiently): AskPoly {
  const { host } = new URL(url)
  const key = login['api-key']!.reveal()
  return async (method, path, content, signal) => {
    const body = content === undefined ? null : JSON.stringify(content)
    const headers = {
      ...{ 'api-key': key, accept: 'application/json' },
      ...(body !== null && { 'content-type': 'application/json' }),
    }
    const reply = await ask(() => ({ method, url: url + path, headers, ...(body !== null && { body }) }), signal)
    if (reply.status === 401 || reply.status === 403)
      throw new RedirectFailure('login-refused', `${host} refuses the key (${reply.status}). Check api-key.`)
    const answer = reply.text === '' ? {} : readJson(reply, host)
    const words = isObject(answer) ? (textOf(answer, 'message') ?? textOf(answer, 'error') ?? '') : ''
    return { status: reply.status, body: answer, words: quoteAnswer(words, [key]) }
  }
}
