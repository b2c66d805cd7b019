import { AppError } from '../model/app-error.ts'
import type { Queryable } from './pool.ts'
import { createStandardRoles } from './roles.ts'

export type Tenant = { id: number; slug: string; name: string; defaults: Record<string, string> }

const COLUMNS = 'id, slug, name, defaults'

/** @throws AppError `tenant-unknown` */
export async function findTenant(client: Queryable, slug: string): Promise<Tenant> {
  const { rows } = await client.query<Tenant>(`select ${COLUMNS} from offhook.tenants where slug = $1`, [slug])
  if (!rows[0])
    throw new AppError('tenant-unknown', `There is no tenant ${slug}. Create it with: offhook tenant add ${slug}`)
  return rows[0]
}

/** @throws AppError `tenant-unknown` */
export async function readTenant(client: Queryable, id: number): Promise<Tenant> {
  const { rows } = await client.query<Tenant>(`select ${COLUMNS} from offhook.tenants where id = $1`, [id])
  if (!rows[0]) throw new AppError('tenant-unknown', `There is no tenant with the number ${id}.`)
  return rows[0]
}

export async function listTenants(client: Queryable): Promise<Tenant[]> {
  const { rows } = await client.query<Tenant>(`select ${COLUMNS} from offhook.tenants order by slug`)
  return rows
}

/** Creates the tenant and its standard roles unless it is there, and has Asterisk told of its context. As the owner. */
export async function createTenant(client: Queryable, slug: string, name: string): Promise<Tenant> {
  const { rows } = await client.query<Tenant>(
    `insert into offhook.tenants (slug, name) values ($1, $2) on conflict (slug) do nothing returning ${COLUMNS}`,
    [slug, name],
  )
  if (!rows[0]) return findTenant(client, slug)
  await createStandardRoles(client, rows[0].id)
  await client.query(`insert into offhook.outbox (tenant_id, kind, subject) values ($1, 'tenant-context', $2)`, [
    rows[0].id,
    slug,
  ])
  return rows[0]
}

/** Location name to id. */
export async function readLocations(client: Queryable, tenantId: number): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; id: number }>(
    'select name, id from locations where tenant_id = $1',
    [tenantId],
  )
  return new Map(rows.map(({ name, id }) => [name, id]))
}
