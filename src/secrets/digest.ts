import { hash } from 'node:crypto'
import { Secret } from '../model/secret.ts'

/** What Asterisk may hold instead of a password. Both stand for the password within their realm, so both are secrets. */
export type SipDigests = {
  /** Column `password_digest` of ps_auths, Asterisk >= 22.2: `SHA-256:<hex>,MD5:<hex>`. */
  passwordDigest: Secret
  /** Column `md5_cred`, any Asterisk. */
  md5Credential: Secret
}

/** H(user:realm:password), the A1 of RFC 7616 section 3.4.2, in both algorithms. */
export function digestSipSecret(user: string, realm: string, secret: Secret): SipDigests {
  const a1 = `${user}:${realm}:${secret.reveal()}`
  const md5 = hash('md5', a1)
  return {
    passwordDigest: new Secret(`SHA-256:${hash('sha256', a1)},MD5:${md5}`),
    md5Credential: new Secret(md5),
  }
}
