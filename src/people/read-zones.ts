import type { Queryable } from '../db/pool.ts'

/** Whether the settings of phones say a time zone, at the tenant as a whole or at the location of that name. */
export async function readZones(
  client: Queryable,
  tenantId: number,
): Promise<(location: string | null | undefined) => boolean> {
  const { rows } = await client.query<{ name: string | null }>(
    `select null as name from offhook.tenants where id = $1 and settings ? 'timezone'
     union all select name from offhook.locations where tenant_id = $1 and settings ? 'timezone'`,
    [tenantId],
  )
  const names = new Set(rows.map(({ name }) => name))
  return (location) => names.has(null) || (typeof location === 'string' && names.has(location))
}
