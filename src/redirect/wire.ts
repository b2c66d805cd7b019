import { request as requestHttp, type IncomingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { RedirectFailure } from './fault.ts'

/** How services are reached. */
export type Wire = {
  /** Resolves names; leaves out addresses that must not be reached. */
  lookup: LookupFunction
  mayReach: (address: string) => boolean
  /** Certificate authorities in PEM beside those that come with Node. */
  ca?: string
  timeoutMs: number
  /** Pauses before each further attempt after a failure that may pass. */
  pausesMs: readonly number[]
  /** The least time between two calls to one account. */
  paceMs: number
}

export const WIRE_TIMING = { timeoutMs: 20_000, pausesMs: [500, 2_000], paceMs: 100 } as const

export type Ask = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
} & {
  body?: string
}
export type Reply = { status: number; headers: IncomingHttpHeaders; text: string }

/** A list of some ten thousand phones. */
const MOST_BYTES = 16 * 1024 * 1024
const MAX_HEADER_BYTES = 32 * 1024

/**
 * Asks once and reads the whole answer, whatever its status. Follows no redirect and goes through no proxy.
 * @throws RedirectFailure `unreachable` when there is no answer, or only half of one
 */
export async function askOnce(wire: Wire, ask: Ask, signal: AbortSignal): Promise<Reply> {
  const url = new URL(ask.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !wire.mayReach(host))
    throw new RedirectFailure('unreachable', `${url.host} is not a public address.`)
  const timeout = AbortSignal.timeout(wire.timeoutMs)
  try {
    return await exchange(wire, ask, url, AbortSignal.any([signal, timeout]))
  } catch (cause) {
    if (signal.aborted) throw signal.reason
    const reason = timeout.aborted ? `no answer within ${wire.timeoutMs / 1000} seconds` : (cause as Error).message
    throw new RedirectFailure('unreachable', `${url.host} cannot be reached: ${reason}.`, { cause })
  }
}

function exchange(wire: Wire, ask: Ask, url: URL, signal: AbortSignal): Promise<Reply> {
  const bytes = ask.body === undefined ? null : Buffer.from(ask.body)
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: ask.method,
      // A connection of its own: one that was kept could lead to where the name no longer points.
      agent: false,
      lookup: wire.lookup,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
      ...(wire.ca !== undefined && { ca: wire.ca }),
      headers: { 'user-agent': 'Offhook', ...ask.headers, ...(bytes && { 'content-length': bytes.length }) },
    })
    request.once('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > MOST_BYTES) response.destroy(new Error('the answer is too long'))
      })
      response.once('end', () => {
        if (!response.complete) reject(new Error('the answer broke off'))
        else
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          })
      })
      response.once('aborted', () => reject(new Error('the answer broke off')))
      response.once('error', reject)
    })
    request.once('error', reject)
    request.end(bytes ?? undefined)
  })
}
