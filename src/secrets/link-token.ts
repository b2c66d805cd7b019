import { createHash, randomBytes } from 'node:crypto'
import { Secret } from '../model/secret.ts'

const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** 256 bits as 43 characters that need no escaping in a link. */
export function generateLinkToken(): Secret {
  return new Secret(randomBytes(32).toString('base64url'))
}

/** What is stored of a token; null for a text that cannot be one. */
export function digestLinkToken(text: string): Buffer | null {
  return TOKEN.test(text) ? createHash('sha256').update(text).digest() : null
}
