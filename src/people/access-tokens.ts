import type pg from 'pg'
import { isScope, SCOPES } from '../access/scopes.ts'
import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import { insertToken, revokeTokenRow, type TokenRecord } from '../db/tokens.ts'
import { AppError } from '../model/app-error.ts'
import type { Secret } from '../model/secret.ts'
import { generateAccessToken, hashAccessToken } from '../secrets/access-token.ts'

const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/
const LONGEST_DAYS = 3650

export type NewToken = {
  /** Null: the whole installation. */
  tenantId: number | null
  name: string
  scopes: readonly string[]
  /** Null: it never expires. */
  days: number | null
  actor: string
}

/**
 * Makes a token. Its text is told this once; the database holds its digest.
 * @param owner connections of the owner
 * @throws AppError `input-invalid`, `already-there`
 */
export async function createToken(owner: pg.Pool, wanted: NewToken): Promise<{ token: Secret; record: TokenRecord }> {
  const { tenantId, name, days, actor } = wanted
  const scopes = [...new Set(wanted.scopes)]
  const unknown = scopes.find((scope) => !isScope(scope))
  if (!NAME.test(name))
    throw new AppError('input-invalid', 'The name of a token is 1 to 40 lower-case letters, digits or . _ -')
  if (scopes.length === 0 || unknown !== undefined)
    throw new AppError('input-invalid', `A token has one or more of these scopes: ${SCOPES.join(', ')}.`)
  if (days !== null && (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS))
    throw new AppError('input-invalid', `A token lasts from 1 to ${LONGEST_DAYS} days.`)
  const token = generateAccessToken()
  const sha256 = hashAccessToken(token.reveal())!
  return inTransaction(owner, null, async (client) => {
    const record = await insertToken(client, { tenantId, name, sha256, scopes, actor, days })
    if (!record) throw new AppError('already-there', `There is a token ${name} already. Revoke it first.`)
    await writeAudit(client, { tenantId, actor, action: 'token-create', object: `token ${name}`, detail: { scopes } })
    return { token, record }
  })
}

/** Ends a token at once. @param owner connections of the owner @throws AppError `token-unknown` */
export async function revokeToken(
  owner: pg.Pool,
  tenantId: number | null,
  key: { name: string } | { id: number },
  actor: string,
): Promise<void> {
  await inTransaction(owner, null, async (client) => {
    const record = await revokeTokenRow(client, tenantId, key)
    if (!record) throw new AppError('token-unknown', `There is no token ${'id' in key ? key.id : key.name}.`)
    await writeAudit(client, { tenantId, actor, action: 'token-revoke', object: `token ${record.name}` })
  })
}
