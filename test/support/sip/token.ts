import { randomBytes } from 'node:crypto'

/** A random token for tags, branches, call ids and nonces. */
export function token(bytes = 8): string {
  return randomBytes(bytes).toString('hex')
}
