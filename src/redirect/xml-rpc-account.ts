import { type Mac, parseMac } from '../model/mac.ts'
import type { AskPatiently } from './ask-patiently.ts'
import { quoteAnswer, RedirectFailure } from './fault.ts'
import { encodeCall, type XmlRpcArgument, type XmlRpcValue } from './xml-rpc.ts'
import { decodeAnswer } from './xml-rpc-answer.ts'
import { XmlFault } from './xml-tokens.ts'

/** How all of these services answer: a list of whether it was done, and a text or a list. */
export type Pair = { done: boolean; value: XmlRpcValue; text: string }

export type AskPair = (method: string, parameters: readonly XmlRpcArgument[], signal: AbortSignal) => Promise<Pair>

/**
 * Calls of one account with HTTP basic authentication.
 * @param secrets what must not stand in a message
 */
export function xmlRpcAccount(
  ask: AskPatiently,
  account: { url: string; user: string; password: string; secrets: readonly string[] },
): AskPair {
  const { host } = new URL(account.url)
  const authorization = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`
  return async (method, parameters, signal) => {
    const body = encodeCall(method, parameters)
    const headers = { authorization, 'content-type': 'text/xml', accept: 'text/xml' }
    const reply = await ask(() => ({ method: 'POST', url: account.url, headers, body }), signal)
    if (reply.status === 401) throw new RedirectFailure('login-refused', `${host} refuses user or password (401).`)
    if (reply.status === 403) throw new RedirectFailure('forbidden', `${host} forbids ${method} to this account (403).`)
    if (reply.status !== 200)
      throw new RedirectFailure('unreadable', `${host} answered ${method} with status ${reply.status}.`)
    return readPair(reply.text, { host, method, secrets: account.secrets })
  }
}

function readPair(xml: string, call: { host: string; method: string; secrets: readonly string[] }): Pair {
  const { host, method, secrets } = call
  try {
    const answer = decodeAnswer(xml)
    if ('fault' in answer)
      throw new RedirectFailure('unreadable', `${host} refused ${method}: ${quoteAnswer(answer.fault.text, secrets)}`)
    const [done, value = ''] = Array.isArray(answer.value) ? answer.value : []
    if (typeof done !== 'boolean') throw new XmlFault('it does not begin with a boolean')
    return { done, value, text: typeof value === 'string' ? quoteAnswer(value, secrets) : '' }
  } catch (cause) {
    if (!(cause instanceof XmlFault)) throw cause
    throw new RedirectFailure('unreadable', `The answer of ${host} to ${method} cannot be read: ${cause.message}.`, {
      cause,
    })
  }
}

/** The MAC addresses in a list of them, whatever stands between their digits. */
export function readMacs(list: readonly XmlRpcValue[]): Mac[] {
  return list.flatMap((item) => {
    const mac = typeof item === 'string' ? parseMac(item) : null
    return mac === null ? [] : [mac]
  })
}
