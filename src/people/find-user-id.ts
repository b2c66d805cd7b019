import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'
import type { PeopleDesk } from './desk.ts'

/** Somebody by extension, user name, e-mail or external id. @throws AppError `user-unknown`, also when it means several */
export function findUserId(desk: PeopleDesk, tenant: Tenant, text: string): Promise<number> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `select distinct u.id from users u left join extensions x on x.user_id = u.id
       where u.tenant_id = $1 and (x.number = $2 or u.username = $2 or u.email = lower($2) or u.external_id = $2)`,
      [tenant.id, text.trim()],
    )
    if (rows.length === 1) return rows[0]!.id
    const message =
      rows.length === 0 ? `has nobody with ${quote(text)}` : `has several people whom ${quote(text)} means`
    throw new AppError('user-unknown', `The tenant ${tenant.slug} ${message}.`)
  })
}

/** Whoever has that extension. @throws AppError `user-unknown`, also for one that is nobody's */
export function findExtensionUser(desk: PeopleDesk, tenant: Tenant, extension: string): Promise<number> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'select user_id as id from extensions where tenant_id = $1 and number = $2 and user_id is not null',
      [tenant.id, extension],
    )
    if (!rows[0])
      throw new AppError('user-unknown', `The tenant ${tenant.slug} has nobody with the extension ${quote(extension)}.`)
    return rows[0].id
  })
}
