import { hash } from 'node:crypto'
import { Secret } from '../../src/model/secret.ts'
import type { Supply } from '../../src/plan/supply.ts'

/** The same ids and secrets in the same order, each time that it is made. */
export function makeSupply(): Supply {
  let drawn = 0
  const draw = (what: string) => new Secret(`${what}-${++drawn}`)
  return {
    nextId: () => ++drawn,
    sipSecret: () => draw('sip'),
    password: (length, digitsOnly) => new Secret(`${digitsOnly ? 'digits' : 'letters'}-${length}-${++drawn}`),
    pin: () => new Secret(String(200_000 + ++drawn)),
    deviceToken: () => draw('token'),
    adminPassword: () => draw('admin'),
    hashToken: (token) => hash('sha256', token.reveal()),
    authColumns: (user, secret) => ({ md5_cred: new Secret(hash('md5', `${user}:${secret.reveal()}`)) }),
    md5Families: new Set(),
    findWidth: () => null,
  }
}
