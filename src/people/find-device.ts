import { readRows } from '../apply/read-rows.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { parseMac } from '../model/mac.ts'
import type { Row } from '../plan/row.ts'
import { codecOf, type PeopleDesk } from './desk.ts'

/** Accounts on a device, in the order of its lines. */
export type FoundDevice = { device: Row; endpoints: string[] }

/**
 * The id of a device by MAC address in any spelling, or by name; a softphone also by its name without the number, which
 * means the newest. @throws AppError `device-unknown`
 */
export async function findDeviceId(client: Queryable, tenant: Tenant, text: string): Promise<number> {
  const mac = parseMac(text)
  const { rows } = await client.query<{ id: number }>(
    `select id from devices where tenant_id = $3 and (mac = $1 or name = $2
       or (mac is null and name ~ '-[0-9]+$' and regexp_replace(name, '-[0-9]+$', '') = $2))
     order by name = $2 desc, id desc limit 1`,
    [mac, text, tenant.id],
  )
  if (!rows[0]) {
    const cure = mac === null ? '' : ' Phones that ask and are in no list: offhook phones --waiting'
    throw new AppError('device-unknown', `The tenant ${tenant.slug} has no phone ${text}.${cure}`)
  }
  return rows[0].id
}

/** A device as {@link findDeviceId} finds it. @throws AppError `device-unknown` */
export async function findDevice(desk: PeopleDesk, tenant: Tenant, text: string): Promise<FoundDevice> {
  const codec = codecOf(desk, tenant)
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const id = await findDeviceId(client, tenant, text)
    const [device] = await readRows(client, 'offhook.devices', 't.id = $1', [id], codec)
    const { rows } = await client.query<{ name: string }>(
      'select e.name from lines l join endpoints e on e.id = l.endpoint_id where l.device_id = $1 order by l.position',
      [id],
    )
    return { device: device!, endpoints: rows.map(({ name }) => name) }
  })
}
