import { readRows } from '../../src/apply/read-rows.ts'
import { inTransaction } from '../../src/db/pool.ts'
import type { Tenant } from '../../src/db/tenants.ts'
import type { Secret } from '../../src/model/secret.ts'
import { codecOf, type PeopleDesk } from '../../src/people/desk.ts'

/** What each account of a tenant registers with, by its name. */
export async function readSipPasswords(desk: PeopleDesk, tenant: Tenant): Promise<Map<string, string>> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const rows = await readRows(client, 'offhook.endpoints', 't.secret is not null', [], codecOf(desk, tenant))
    return new Map(rows.map((row) => [String(row['name']), (row['secret'] as Secret).reveal()]))
  })
}
