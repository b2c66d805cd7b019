import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { Networks } from '../access/networks.ts'
import { ClosedAddress, lookUpOpen } from './open-addresses.ts'

/** The specification wants 15 to 30 seconds. */
const TIMEOUT_MS = 15_000
const MAX_HEADER_BYTES = 16 * 1024
/** Nobody reads what a receiver says; a short answer is let finish, a long one is cut off. */
const MOST_BYTES = 64 * 1024

export type Posted = { status: number; retryAfterS: number | null }

/**
 * Posts a body and tells how the receiver answered. Follows no redirect and goes through no proxy.
 * @throws Error why there is no answer: {@link ClosedAddress}, a failure to resolve or connect, no answer in 15 seconds
 */
export function postWebhook(
  message: { url: string; headers: Record<string, string>; body: string },
  isOpen: Networks,
  closing: AbortSignal,
): Promise<Posted> {
  const url = new URL(message.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isOpen(host)) return Promise.reject(new ClosedAddress())
  const bytes = Buffer.from(message.body)
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const request = send(url, {
      method: 'POST',
      // A connection of its own: one that was kept could lead to where the name no longer points.
      agent: false,
      lookup: lookUpOpen(isOpen),
      maxHeaderSize: MAX_HEADER_BYTES,
      signal: AbortSignal.any([closing, timeout]),
      headers: { ...message.headers, 'content-length': bytes.length },
    })
    request.once('response', (response) => {
      const status = response.statusCode ?? 0
      resolve({ status, retryAfterS: readSeconds(response.headers['retry-after']) })
      drop(response)
    })
    request.on('error', (error) => {
      reject(timeout.aborted ? new Error(`No answer within ${TIMEOUT_MS / 1000} seconds`) : error)
    })
    request.end(bytes)
  })
}

function drop(response: IncomingMessage): void {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) response.destroy()
  })
  // The answer is known; how its rest ends does not matter.
  response.on('error', () => undefined)
}

function readSeconds(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null
}
