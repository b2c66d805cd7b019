import type pg from 'pg'
import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import { createTenant, type Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'

/**
 * Makes a tenant.
 * @param owner connections of the owner
 * @throws AppError `already-there`
 */
export function addTenant(owner: pg.Pool, tenant: { slug: string; name: string }, actor: string): Promise<Tenant> {
  return inTransaction(owner, null, async (client) => {
    const taken = await client.query('select from tenants where slug = $1', [tenant.slug])
    if (taken.rowCount) throw new AppError('already-there', `There is a tenant ${tenant.slug} already.`)
    const made = await createTenant(client, tenant.slug, tenant.name)
    await writeAudit(client, { tenantId: made.id, actor, action: 'tenant-add', object: made.slug })
    return made
  })
}
