import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { generatePassword } from '../secrets/generate.ts'
import { readDefaultLayers } from './default-layers.ts'
import type { PeopleDesk } from './desk.ts'
import { createImport } from './stored-imports/create-import.ts'

/**
 * Gives people new temporary passwords, all in one import that is applied in the background; its credentials can then be
 * taken once. What they had chosen themselves stops working.
 * @returns the import
 * @throws AppError `user-unknown`
 */
export async function reissueCredentials(
  desk: PeopleDesk,
  tenant: Tenant,
  userIds: readonly number[],
  actor: string,
): Promise<number> {
  const { rulesAt } = await inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'select id from unnest($2::bigint[]) as asked(id) where not exists (select from users u where u.tenant_id = $1 and u.id = asked.id)',
      [tenant.id, userIds],
    )
    if (rows[0]) throw new AppError('user-unknown', `The tenant ${tenant.slug} has no user ${rows[0].id}.`)
    return readDefaultLayers(client, desk, tenant)
  })
  const rules = rulesAt(null)
  const rows = userIds.map(() => ({
    password: generatePassword(rules.password_length, rules.password_digits_only).reveal(),
  }))
  const meant = Object.fromEntries(userIds.map((id, at) => [at + 1, id]))
  return createImport(desk, {
    ...{ tenant, source: 'reissue', actor, input: { kind: 'rows', rows } },
    options: { update: true, reissue: true, unseen: true, userIds: meant },
  })
}
