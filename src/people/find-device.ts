import { readRows } from '../apply/read-rows.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { parseMac } from '../model/mac.ts'
import type { Row } from '../plan/row.ts'
import { codecOf, type PeopleDesk } from './desk.ts'

/** Accounts on a device, in the order of its lines. */
export type FoundDevice = { device: Row; endpoints: string[] }

/** A device by MAC address in any spelling, or by name for softphones, the newest without its number. @throws AppError `device-unknown` */
export async function findDevice(desk: PeopleDesk, tenant: Tenant, text: string): Promise<FoundDevice> {
  const codec = codecOf(desk, tenant)
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const [device] = await readRows(
      client,
      'offhook.devices',
      `t.mac = $1 or t.name = $2 or (t.mac is null and t.name ~ '-[0-9]+$' and regexp_replace(t.name, '-[0-9]+$', '') = $2)
       order by t.name = $2 desc, t.id desc`,
      [parseMac(text), text],
      codec,
    )
    if (!device) throw new AppError('device-unknown', `The tenant ${tenant.slug} has no phone ${text}.`)
    const { rows } = await client.query<{ name: string }>(
      'select e.name from lines l join endpoints e on e.id = l.endpoint_id where l.device_id = $1 order by l.position',
      [device['id']],
    )
    return { device, endpoints: rows.map(({ name }) => name) }
  })
}
