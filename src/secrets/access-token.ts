import { hash, randomBytes } from 'node:crypto'
import { Secret } from '../model/secret.ts'

const TOKEN_BYTES = 32
const TOKEN = /^offhook_[A-Za-z0-9_-]{43}$/

/** `offhook_` and 256 random bits as base64url; the prefix lets scanners of repositories find a leaked one. */
export function generateAccessToken(): Secret {
  return new Secret(`offhook_${randomBytes(TOKEN_BYTES).toString('base64url')}`)
}

/** What the look-up of a token compares, null for text that cannot be one. 256 random bits need no salt. */
export function hashAccessToken(token: string): Buffer | null {
  return TOKEN.test(token) ? hash('sha256', token, 'buffer') : null
}
