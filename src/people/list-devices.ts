import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { PeopleDesk } from './desk.ts'

export type ListedDevice = {
  name: string
  family: string
  model: string
  extensions: string[]
  sealed_at: Date | null
}

/** The tenant's phones by name, with the extensions on their lines. */
export function listDevices(desk: PeopleDesk, tenant: Tenant): Promise<ListedDevice[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ListedDevice>(
      `select d.name, d.family, d.model, d.sealed_at,
         coalesce(array_agg(x.number order by l.position) filter (where x.number is not null), '{}') as extensions
       from devices d left join lines l on l.device_id = d.id left join endpoints e on e.id = l.endpoint_id
         left join extensions x on x.id = e.extension_id
       group by d.id order by d.name`,
    )
    return rows
  })
}
