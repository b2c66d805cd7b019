import { writeAudit } from '../../db/audit.ts'
import { queueResyncs } from '../../db/device-resyncs.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { PeopleDesk } from '../desk.ts'

/** `untellable`: their family knows no way, or they have no account to be reached by. */
export type QueuedResyncs = { queued: number; untellable: number }

/** Has all phones of the tenant told to fetch again, one after the other, by whoever is connected to Asterisk. */
export function resyncAll(
  desk: PeopleDesk,
  tenant: Tenant,
  families: readonly string[],
  actor: string,
): Promise<QueuedResyncs> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ id: number; tellable: boolean }>(
      `select d.id, d.family = any ($1) and exists (select from lines l where l.device_id = d.id) as tellable
       from devices d`,
      [families],
    )
    const devices = rows.filter(({ tellable }) => tellable).map(({ id }) => id)
    const queued = await queueResyncs(client, devices, 'asked')
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'resync', object: `${queued} devices` })
    return { queued, untellable: rows.length - queued }
  })
}
