import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { generateDeviceToken } from '../secrets/device-token.ts'
import { asOnlyWriter, type PeopleDesk } from './desk.ts'

/** The folder in which phones of the tenant are asked for their password; null: none is open. */
export function readLoginPath(desk: PeopleDesk, tenant: Tenant): Promise<string | null> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ path: string }>('select path from login_addresses where tenant_id = $1', [
      tenant.id,
    ])
    return rows[0]?.path ?? null
  })
}

/** Opens that folder, unless it is; `renew` gives it another name, and whoever has the old one finds nothing there. */
export function openLoginPath(desk: PeopleDesk, tenant: Tenant, renew: boolean, actor: string): Promise<string> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const { rows } = await client.query<{ path: string; changed: boolean }>(
      `insert into login_addresses as a (tenant_id, path, opened_by) values ($1, $2, $3)
       on conflict (tenant_id) do update set path = case when $4 then excluded.path else a.path end
       returning path, path = $2 as changed`,
      // As unguessable as a token and of its shape: from outside the two are the same.
      [tenant.id, generateDeviceToken().reveal(), actor, renew],
    )
    const { path, changed } = rows[0]!
    if (changed) await writeAudit(client, { tenantId: tenant.id, actor, action: 'open', object: 'phone logins' })
    return path
  })
}

/** Phones are asked for no password from now on; those that have their own address keep it. */
export async function closeLoginPath(desk: PeopleDesk, tenant: Tenant, actor: string): Promise<void> {
  await asOnlyWriter(desk, tenant, async (client) => {
    const { rowCount } = await client.query('delete from login_addresses where tenant_id = $1', [tenant.id])
    if (rowCount) await writeAudit(client, { tenantId: tenant.id, actor, action: 'close', object: 'phone logins' })
  })
}
