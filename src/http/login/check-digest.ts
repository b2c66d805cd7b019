import { hash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../model/secret.ts'
import type { Nonces } from './nonces.ts'

/** What both sides hash into an answer; the same for every installation, as for SIP. */
export const REALM = 'offhook'

/** RFC 7616 §6.1. Where an answer names none, it is MD5 (§3.4). */
const ALGORITHMS: Readonly<Record<string, 'md5' | 'sha256'>> = { md5: 'md5', 'sha-256': 'sha256' }

/** The answer of a phone, well formed: whether it is right is not known yet. */
export type DigestAnswer = {
  name: string
  algorithm: 'md5' | 'sha256'
  nonce: string
  count: number
  response: string
  /** What is hashed after the first hash, and the second hash. */
  tail: string
}

/** Reads an answer to our challenge for this request; null when it is none: another realm, address, or quality. */
export function readDigest(
  parameters: ReadonlyMap<string, string>,
  { method, target }: { method: string; target: string },
): DigestAnswer | null {
  const get = (name: string) => parameters.get(name) ?? ''
  const algorithm = ALGORITHMS[(parameters.get('algorithm') ?? 'md5').toLowerCase()]
  const [name, nonce, nc, cnonce, uri] = [get('username'), get('nonce'), get('nc'), get('cnonce'), get('uri')]
  const isOurs = get('realm') === REALM && get('qop').toLowerCase() === 'auth' && isTarget(uri, target)
  if (!algorithm || !isOurs || cnonce === '' || !/^[0-9a-f]{8}$/i.test(nc)) return null
  const second = hash(algorithm, `${method}:${uri}`, 'hex')
  return {
    ...{ name, algorithm, nonce, count: parseInt(nc, 16), response: get('response').toLowerCase() },
    tail: `${nonce}:${nc}:${cnonce}:${get('qop')}:${second}`,
  }
}

/** `right`: and never seen before. `stale`: right, but for another nonce. */
export function checkDigest(answer: DigestAnswer, password: Secret, nonces: Nonces): 'right' | 'stale' | 'wrong' {
  const { name, algorithm, nonce, count, response, tail } = answer
  const first = hash(algorithm, `${name}:${REALM}:${password.reveal()}`, 'hex')
  if (!isSame(hash(algorithm, `${first}:${tail}`, 'hex'), response)) return 'wrong'
  if (nonces.check(nonce, count) !== 'fresh') return 'stale'
  nonces.use(nonce, count)
  return 'right'
}

/** Compares secrets of any length in a time that tells nothing of where they differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))
}

/** Some phones write the whole address (RFC 9112 §3.2.2). */
function isTarget(uri: string, target: string): boolean {
  return uri === target || uri.replace(/^https?:\/\/[^/?#]*/i, '') === target
}
