import { hash } from 'node:crypto'
import { Agent, get } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { BootingPhone, Fetch } from '../phones/bases/phone.ts'

/** A file that a phone got: what it asked for, and the entity tag that its bytes must have. */
export type Got = { url: string; tag: string }

/** What a phone did over the network in one boot. */
export type Trace = { requests: number; got: Got[]; faults: string[] }

/** A phone at its boot; `end` closes its connections. */
export type Asking = { trace: Trace; fetch: Fetch; end: () => void }

class ReusedConnectionEnded extends Error {}

const TIMEOUT_MS = 60_000

/**
 * Asks as this phone does, over one connection that it keeps or over one for each file. Whatever is neither a whole file
 * with the tag of its bytes nor the bare refusal is noted as a fault.
 */
export function fetchAsPhone({ userAgent }: BootingPhone, keepsAlive: boolean): Asking {
  const agent = new Agent({ keepAlive: keepsAlive, maxSockets: 1 })
  const trace: Trace = { requests: 0, got: [], faults: [] }
  const fetch: Fetch = async (url) => {
    trace.requests++
    const { status, headers, bytes } = await exchange(agent, url, userAgent).catch((error: unknown) => {
      // A server may end a kept connection just when it is used again; whoever asks then asks anew (RFC 9112, 9.3.1).
      if (!(error instanceof ReusedConnectionEnded)) throw error
      return exchange(agent, url, userAgent)
    })
    const tag = `"${hash('sha256', bytes, 'base64url')}"`
    if (status === 200 && headers['etag'] === tag && headers['content-length'] === String(bytes.length)) {
      trace.got.push({ url, tag })
      return bytes
    }
    if (status !== 404 || bytes.length > 0 || headers['content-length'] !== '0')
      trace.faults.push(`${url}: ${status} with ${bytes.length} bytes, ${String(headers['etag'])}`)
    return null
  }
  return { trace, fetch, end: () => agent.destroy() }
}

function exchange(agent: Agent, url: string, userAgent: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined
    headers: NodeJS.Dict<string | string[]>
    bytes: Buffer
  }>()
  const headers = userAgent === '' ? {} : { 'user-agent': userAgent }
  const request = get(url, { agent, headers, timeout: TIMEOUT_MS }, (response) => {
    buffer(response).then(
      (bytes) => resolve({ status: response.statusCode, headers: response.headers, bytes }),
      (error: unknown) => reject(error as Error),
    )
  })
  request.on('timeout', () => request.destroy(new Error(`${url} was not answered within ${TIMEOUT_MS} ms`)))
  request.on('error', (error: NodeJS.ErrnoException) => {
    const ended = request.reusedSocket && error.code === 'ECONNRESET'
    reject(ended ? new ReusedConnectionEnded(url, { cause: error }) : error)
  })
  return promise
}
