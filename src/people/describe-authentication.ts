import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { Authentication } from '../model/person.ts'
import type { LayerName } from '../model/rules.ts'
import { readDefaultLayers } from './default-layers.ts'
import type { PeopleDesk } from './desk.ts'

/** The second factor that somebody logs in with, and who says so. */
export type EffectiveAuthentication = {
  authentication: Exclude<Authentication, 'default'>
  from: 'user' | 'role' | LayerName
}

/** The user's own choice, else that of their role, else the rule `default_authentication`. @throws AppError `user-unknown` */
export function describeAuthentication(
  desk: PeopleDesk,
  tenant: Tenant,
  userId: number,
): Promise<EffectiveAuthentication> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{
      own: Authentication
      role: Authentication | null
      location_id: number | null
    }>(
      `select u.authentication as own, r.authentication as role, u.location_id
       from users u left join roles r on r.name = u.role and r.tenant_id = u.tenant_id where u.id = $1`,
      [userId],
    )
    if (!rows[0]) throw new AppError('user-unknown', `The tenant ${tenant.slug} has no user ${userId}.`)
    const { own, role, location_id } = rows[0]
    if (own !== 'default') return { authentication: own, from: 'user' }
    if (role !== null && role !== 'default') return { authentication: role, from: 'role' }
    const rules = (await readDefaultLayers(client, desk, tenant)).rulesAt(location_id)
    return { authentication: rules.default_authentication, from: rules.origins.default_authentication }
  })
}
