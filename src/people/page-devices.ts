import { inTransaction, type Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { PeopleDesk } from './desk.ts'
import { findDeviceId } from './find-device.ts'

/** A phone without its secrets. */
export type ViewedDevice = {
  id: number
  name: string
  mac: string | null
  family: string
  model: string
  location: string | null
  profile: string | null
  /** Whose it is. */
  user: number | null
  lines: { line: number; extension: string; user: number | null }[]
  sealed_at: Date | null
  /** Until when it gets its files by MAC address alone. */
  released_until: Date | null
}

const DEVICE = `select d.id, d.name, d.mac, d.family, d.model, l.name as location, p.name as profile, d.user_id as user, d.sealed_at,
  coalesce((select json_agg(json_build_object('line', n.position, 'extension', x.number, 'user', x.user_id)
      order by n.position)
    from lines n join endpoints e on e.id = n.endpoint_id join extensions x on x.id = e.extension_id
    where n.device_id = d.id), '[]') as lines,
  (select max(w.closes_at) from release_windows w
    where w.closes_at > now() and (w.device_id = d.id or (w.device_id is null and w.tenant_id = d.tenant_id))
      and w.opened_at >= coalesce(d.sealed_at, w.opened_at)) as released_until
  from devices d left join locations l on l.id = d.location_id
  left join profiles p on p.id = d.profile_id`

/**
 * The tenant's phones by name.
 * @param page `after`: name of the last one of the page before; `search`: part of a name, MAC address or model
 */
export function pageDevices(
  desk: PeopleDesk,
  tenant: Tenant,
  page: { after: string; limit: number; search?: string | undefined },
): Promise<ViewedDevice[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const pattern = page.search === undefined ? null : `%${page.search.replaceAll(/[\\%_]/g, '\\$&')}%`
    const { rows } = await client.query<ViewedDevice>(
      `${DEVICE} where d.tenant_id = $1 and d.name > $2
         and ($3::text is null or concat_ws(' ', d.name, d.mac, d.family, d.model) ilike $3)
       order by d.name limit $4`,
      [tenant.id, page.after, pattern, page.limit],
    )
    return rows
  })
}

/** A phone as {@link findDeviceId} finds it. @throws AppError `device-unknown` */
export function viewDevice(desk: PeopleDesk, tenant: Tenant, text: string): Promise<ViewedDevice> {
  return inTransaction(desk.pool, tenant.id, (client) => readDevice(client, tenant, text))
}

/** As {@link viewDevice}, inside the caller's transaction. */
export async function readDevice(client: Queryable, tenant: Tenant, text: string): Promise<ViewedDevice> {
  const id = await findDeviceId(client, tenant, text)
  const { rows } = await client.query<ViewedDevice>(`${DEVICE} where d.id = $1`, [id])
  return rows[0]!
}
