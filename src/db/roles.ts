import type { Authentication } from '../model/person.ts'
import type { Queryable } from './pool.ts'

/** `authentication: 'default'` leaves the second factor to the tenant. */
export type Role = { id: number; name: string; is_admin: boolean; authentication: Authentication }

/** What every tenant starts with; new people are `user`. */
export const STANDARD_ROLE = 'user'

/** By name. */
export async function readRoles(client: Queryable, tenantId: number): Promise<Role[]> {
  const { rows } = await client.query<Role>(
    'select id, name, is_admin, authentication from offhook.roles where tenant_id = $1 order by name',
    [tenantId],
  )
  return rows
}

export async function createStandardRoles(client: Queryable, tenantId: number): Promise<void> {
  await client.query(
    `insert into offhook.roles (tenant_id, name, is_admin) values ($1, $2, false), ($1, 'admin', true)`,
    [tenantId, STANDARD_ROLE],
  )
}
