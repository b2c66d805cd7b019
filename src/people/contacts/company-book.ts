import { writeAudit } from '../../db/audit.ts'
import { countBookRows, readBookRows } from '../../db/books.ts'
import type { BookRow } from '../../db/books.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'

const QUERY_TIMEOUT_MS = 60_000

/** Who stands in the tenant's phonebook, in no order, and its language where somebody said it. */
export function readCompanyBook(
  desk: PeopleDesk,
  tenant: Tenant,
): Promise<{ rows: BookRow[]; language: string | null }> {
  return inTransaction(desk.pool, tenant.id, (client) => readBookRows(client, tenant.id, QUERY_TIMEOUT_MS))
}

export type CompanyBook = {
  entries: number
  /** Whether the tenant gives it to its phones. */
  isOn: boolean
  /** Of the tenant's phones. */
  families: readonly string[]
}

/** How many entries that is, and who gets it. */
export function countCompanyBook(desk: PeopleDesk, tenant: Tenant): Promise<CompanyBook> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ family: string }>(
      'select distinct family from devices where tenant_id = $1',
      [tenant.id],
    )
    const tenants = await client.query<{ isOn: boolean }>(
      `select coalesce(settings->'companyPhonebook', 'true')::boolean as "isOn" from tenants where id = $1`,
      [tenant.id],
    )
    const entries = await countBookRows(client, tenant.id)
    return { entries, isOn: tenants.rows[0]!.isOn, families: rows.map(({ family }) => family) }
  })
}

/** How many entries the book of a phone has, and whether the phone gets it, by what its layers of settings say. */
export function countBookOf(
  desk: PeopleDesk,
  tenant: Tenant,
  deviceId: number,
): Promise<{ entries: number; isOn: boolean }> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ isOn: boolean }>(
      `select coalesce(d.settings->'companyPhonebook', p.settings->'companyPhonebook', l.settings->'companyPhonebook',
         t.settings->'companyPhonebook', 'true')::boolean as "isOn"
       from devices d join tenants t on t.id = d.tenant_id left join users u on u.id = d.user_id
       left join locations l on l.id = coalesce(d.location_id, u.location_id) left join profiles p on p.id = d.profile_id
       where d.id = $1`,
      [deviceId],
    )
    return { entries: await countBookRows(client, tenant.id), isOn: rows[0]?.isOn ?? false }
  })
}

/** Whether the phones of a tenant get its phonebook, unless a location, profile or phone says otherwise. */
export function switchCompanyBook(desk: PeopleDesk, tenant: Tenant, isOn: boolean, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    await client.query(
      `update tenants set settings = jsonb_set(settings, '{companyPhonebook}', to_jsonb($2::boolean)) where id = $1`,
      [tenant.id, isOn],
    )
    const action = isOn ? 'phonebook-on' : 'phonebook-off'
    await writeAudit(client, { tenantId: tenant.id, actor, action, object: tenant.slug })
  })
}
