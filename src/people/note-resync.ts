import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { PeopleDesk } from './desk.ts'
import type { FoundDevice } from './find-device.ts'

/** Notes in the history that a phone was told to fetch its configuration again. */
export function noteResync(desk: PeopleDesk, tenant: Tenant, { device }: FoundDevice, actor: string): Promise<void> {
  const object = `device ${String(device['id'])}`
  return inTransaction(desk.pool, tenant.id, (client) =>
    writeAudit(client, { tenantId: tenant.id, actor, action: 'resync', object }),
  )
}
