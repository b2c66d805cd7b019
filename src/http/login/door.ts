import type { IncomingMessage } from 'node:http'
import type { Logins } from '../../boot/logins.ts'
import { UserAgents } from '../../boot/user-agents.ts'
import type { PhoneLogin } from '../../model/phone-proof.ts'
import type { PhoneRequest } from '../../model/phone-request.ts'
import type { Family, HttpLogin } from '../../phones/family.ts'
import { parseAuthorization } from './authorization.ts'
import { checkDigest, isSame, readDigest, REALM } from './check-digest.ts'
import { Nonces } from './nonces.ts'

/** Headers of the challenge with which a refusal leaves; null: the request is no business of the door, or is let in. */
export type Door = (request: IncomingMessage, asked: PhoneRequest) => string[] | null

/** Offered to whom nobody knows; the stronger first (RFC 7616 §3.7). */
const USUAL: readonly HttpLogin[] = ['digest-sha256', 'digest-md5']
const ALGORITHM_NAMES = { 'digest-sha256': 'SHA-256', 'digest-md5': 'MD5' } as const

/**
 * Asks phones for their password in the folders that tenants opened for that, and nowhere else. What is offered follows
 * from the User-Agent alone: a phone that exists and one that does not are asked alike, whatever the file.
 */
export function createDoor({ logins, families }: { logins: Logins; families: readonly Family[] }): Door {
  const userAgents = new UserAgents(families)
  const nonces = new Nonces(() => performance.now())
  const offers = new Map(families.map(({ name, httpLogin }) => [name, httpLogin]))

  function judge(request: IncomingMessage, path: string): { login: PhoneLogin; isStale: boolean } {
    const refused = { login: { deviceId: null, outcome: 'login-refused' } as const, isStale: false }
    const said = parseAuthorization(request.headers.authorization ?? '')
    if (!said) return request.headers.authorization === undefined ? { ...refused, login: ASKED } : refused
    if (said.scheme === 'basic') {
      const { deviceId, family, password } = logins.find(path, said.name)
      const isRight = isSame(said.password, password.reveal())
      // A password that crosses the wire is taken only from phones that know nothing better.
      const isUsual = offers.get(family)?.includes('basic') ?? false
      return isRight && isUsual && deviceId !== null ? { login: { deviceId, way: 'basic' }, isStale: false } : refused
    }
    const answer = readDigest(said.parameters, { method: request.method ?? '', target: request.url ?? '' })
    if (!answer) return refused
    const { deviceId, password } = logins.find(path, answer.name)
    const verdict = checkDigest(answer, password, nonces)
    if (verdict === 'stale') return { login: ASKED, isStale: true }
    return verdict === 'right' && deviceId !== null ? { login: { deviceId, way: 'digest' }, isStale: false } : refused
  }

  return (request, asked) => {
    if (!logins.isAnyOpen) return null
    const { token, userAgent } = asked
    if (token === null || !logins.isOpen(token)) return null
    const { login, isStale } = judge(request, token)
    asked.login = login
    if (login.deviceId !== null) return null
    const { family } = userAgents.read(userAgent)
    const offered = offers.get(family ?? '') ?? USUAL
    const nonce = nonces.make()
    return (offered.length > 0 ? offered : USUAL).flatMap((way) => ['WWW-Authenticate', challenge(way, nonce, isStale)])
  }
}

const ASKED = { deviceId: null, outcome: 'login-asked' } as const

function challenge(way: HttpLogin, nonce: string, isStale: boolean): string {
  if (way === 'basic') return `Basic realm="${REALM}", charset="UTF-8"`
  const stale = isStale ? ', stale=true' : ''
  return `Digest realm="${REALM}", qop="auth", algorithm=${ALGORITHM_NAMES[way]}, nonce="${nonce}"${stale}`
}
