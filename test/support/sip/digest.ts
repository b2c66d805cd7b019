import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** The hash behind each algorithm token of RFC 7616; a missing token means MD5. */
const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }

export type DigestAlgorithm = 'MD5' | 'SHA-256' | 'SHA-512-256'

export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly algorithm: string
  readonly qop: readonly string[]
  readonly opaque: string | undefined
  readonly stale: boolean
}

export interface DigestInput {
  readonly algorithm: string
  readonly user: string
  readonly realm: string
  readonly password: string
  readonly nonce: string
  readonly method: string
  readonly uri: string
  /** Absent for the form without quality of protection that RFC 2069 peers use. */
  readonly protection?: { readonly qop: string; readonly cnonce: string; readonly count: string }
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** The `response` value (RFC 7616 §3.4.1) as lower-case hex. @throws Error when the algorithm is unknown. */
export function digestResponse(input: DigestInput): string {
  const hash = HASHES[input.algorithm.toUpperCase()]
  if (hash === undefined) throw new Error(`digest algorithm ${input.algorithm} is not supported`)
  const digest = (text: string): string => createHash(hash).update(text).digest('hex')
  const account = digest(`${input.user}:${input.realm}:${input.password}`)
  const message = digest(`${input.method}:${input.uri}`)
  if (!input.protection) return digest(`${account}:${input.nonce}:${message}`)
  const { count, cnonce, qop } = input.protection
  return digest(`${account}:${input.nonce}:${count}:${cnonce}:${qop}:${message}`)
}

/** Reads a WWW-Authenticate or Proxy-Authenticate value. @throws Error when it is not a Digest challenge. */
export function parseChallenge(value: string): Challenge {
  const fields = parseFields(value)
  const realm = fields.get('realm')
  const nonce = fields.get('nonce')
  if (realm === undefined || nonce === undefined) throw new Error('Digest challenge without realm or nonce')
  return {
    realm,
    nonce,
    algorithm: fields.get('algorithm') ?? 'MD5',
    qop: (fields.get('qop') ?? '').split(/[\s,]+/).filter((token) => token !== ''),
    opaque: fields.get('opaque'),
    stale: fields.get('stale')?.toLowerCase() === 'true',
  }
}

/**
 * The challenge to answer: the first of the wanted algorithm, or the first that this agent knows (RFC 8760 §2.4: the
 * server lists them in its order of preference).
 */
export function chooseChallenge(values: readonly string[], wanted?: DigestAlgorithm): Challenge | undefined {
  const known = values.map(parseChallenge).filter(({ algorithm }) => algorithm.toUpperCase() in HASHES)
  return wanted === undefined ? known[0] : known.find(({ algorithm }) => algorithm.toUpperCase() === wanted)
}

/** The Authorization value that answers a challenge, with qop=auth where it is offered. */
export function answerChallenge(challenge: Challenge, credentials: Credentials, method: string, uri: string): string {
  const protection = challenge.qop.includes('auth')
    ? { qop: 'auth', cnonce: randomBytes(12).toString('hex'), count: '00000001' }
    : undefined
  const { algorithm, realm, nonce, opaque } = challenge
  const response = digestResponse({
    ...credentials,
    algorithm,
    realm,
    nonce,
    method,
    uri,
    ...(protection && { protection }),
  })
  const fields = [
    `username="${credentials.user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
  ]
  if (protection) fields.push(`qop=auth`, `cnonce="${protection.cnonce}"`, `nc=${protection.count}`)
  if (opaque !== undefined) fields.push(`opaque="${opaque}"`)
  return `Digest ${fields.join(', ')}`
}

/** Whether an Authorization value answers the given nonce with the right password. */
export function verifyAnswer(value: string, credentials: Credentials, method: string, nonce: string): boolean {
  const fields = parseFields(value)
  const field = (name: string): string => fields.get(name) ?? ''
  if (field('username') !== credentials.user || field('nonce') !== nonce) return false
  const protection = fields.has('qop') && { qop: field('qop'), cnonce: field('cnonce'), count: field('nc') }
  const expected = digestResponse({
    ...credentials,
    algorithm: fields.get('algorithm') ?? 'MD5',
    realm: field('realm'),
    nonce,
    method,
    uri: field('uri'),
    ...(protection && { protection }),
  })
  const given = field('response')
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
}

function parseFields(value: string): Map<string, string> {
  const scheme = /^\s*Digest\s+/i.exec(value)
  if (!scheme) throw new Error('only Digest authentication is supported')
  const fields = new Map<string, string>()
  const rest = value.slice(scheme[0].length)
  for (const [, name, quoted, token] of rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    fields.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '')
  }
  return fields
}
