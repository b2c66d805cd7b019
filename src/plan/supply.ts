import type { Secret } from '../model/secret.ts'
import type { Row } from './row.ts'
import type { TableName } from './tables.ts'

/** What a plan needs from outside to stay pure: the same supply gives the same plan. */
export type Supply = {
  nextId(): number
  sipSecret(): Secret
  pin(mailbox: string): Secret
  /** A password to log in with until its owner chooses one. */
  password(length: number, digitsOnly: boolean): Secret
  deviceToken(): Secret
  adminPassword(): Secret
  /** Lower-case hex. */
  hashToken(token: Secret): string
  /** Columns of `ps_auths` that stand for the password; `md5Only` for a phone that cannot bear the sight of SHA-256. */
  authColumns(user: string, secret: Secret, md5Only: boolean): Row
  /** Families of such phones. */
  md5Families: ReadonlySet<string>
  /** How many characters a column of Asterisk's holds, when this value has more; else null. */
  findWidth: (table: TableName, column: string, value: string) => number | null
}

/** The tenant that a plan is made for. */
export type PlanTenant = { id: number; slug: string }

/** A phone model that a row may name, looked up by its lower-case name. */
export type PlanModel = {
  family: string
  model: string
  lines: number
  softphone: boolean
  sha256: boolean
  /** The name under which it is listed here, where it is another one. */
  alias?: string
  /** With the prefixes of its MAC addresses, of all its families; absent: not known. */
  maker?: { name: string; ouis: readonly string[] }
}
