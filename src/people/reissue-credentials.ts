import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { generatePassword } from '../secrets/generate.ts'
import { readDefaultLayers } from './default-layers.ts'
import type { PeopleDesk } from './desk.ts'
import { applyImport } from './import-people.ts'

/**
 * Gives people new temporary passwords, all in one import, whose credentials can then be taken once. What they had
 * chosen themselves stops working.
 * @returns the import
 * @throws AppError `input-invalid` when some of them cannot be changed
 */
export async function reissueCredentials(
  desk: PeopleDesk,
  tenant: Tenant,
  userIds: readonly number[],
  actor: string,
): Promise<number> {
  const { rulesAt } = await inTransaction(desk.pool, tenant.id, (client) => readDefaultLayers(client, desk, tenant))
  const rules = rulesAt(null)
  const rows = userIds.map(() => ({
    password: generatePassword(rules.password_length, rules.password_digits_only).reveal(),
  }))
  const outcome = await applyImport(desk, {
    ...{ tenant, source: 'reissue', actor, input: { kind: 'rows', rows } },
    options: { update: true, reissue: true, userIds: Object.fromEntries(userIds.map((id, at) => [at + 1, id])) },
  })
  if (outcome.import === null)
    throw new AppError('input-invalid', outcome.problems[0]?.message ?? 'Nobody was given a new password.')
  return outcome.import
}
