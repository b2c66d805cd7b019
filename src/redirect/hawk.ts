import { createHash, createHmac } from 'node:crypto'

/** What is signed. `contentType` is empty where there is no body. */
export type HawkRequest = { method: string; url: string; contentType: string; body: string }
export type HawkKey = { id: string; key: string }

/**
 * The Authorization header of Hawk 1.1 with SHA-256 and a payload hash (the scheme's README, sections Protocol Example and
 * Payload Validation).
 * @param once seconds since 1970 by the service's clock, and text that is never used again
 */
export function signHawk(
  { id, key }: HawkKey,
  request: HawkRequest,
  once: { timeS: number; nonce: string; ext?: string },
): string {
  const { hostname, port, protocol, pathname, search } = new URL(request.url)
  const hash = hashHawkPayload(request.contentType, request.body)
  const lines = [
    ...['hawk.1.header', String(once.timeS), once.nonce, request.method.toUpperCase(), pathname + search],
    ...[hostname.toLowerCase(), port || (protocol === 'https:' ? '443' : '80'), hash, once.ext ?? ''],
  ]
  const mac = createHmac('sha256', key)
    .update(`${lines.join('\n')}\n`)
    .digest('base64')
  const ext = once.ext === undefined ? '' : `, ext="${once.ext}"`
  return `Hawk id="${id}", ts="${once.timeS}", nonce="${once.nonce}", hash="${hash}"${ext}, mac="${mac}"`
}

/** Over the media type without its parameters, in lower case. */
export function hashHawkPayload(contentType: string, body: string): string {
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  return createHash('sha256').update(`hawk.1.payload\n${type}\n${body}\n`).digest('base64')
}
