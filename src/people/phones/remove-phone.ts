import type { Tenant } from '../../db/tenants.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'
import { writeChanges } from '../write-changes.ts'
import { expectPhone, listPhone, readMac } from './find-phone.ts'
import { freeDevice, withoutPhone } from './free-device.ts'
import { planEdit } from '../plan-edit.ts'

/**
 * Takes a phone from everybody who is on it and forgets it. `keep`: it stays as one that is nobody's, without keys and
 * settings and with a new address, so that what it was told opens nothing any more.
 * @throws AppError `input-invalid` or `device-unknown`
 */
export async function removePhone(
  desk: PeopleDesk,
  tenant: Tenant,
  { mac: text, keep = false }: { mac: string; keep?: boolean },
  actor: string,
): Promise<void> {
  const mac = readMac(text)
  await asOnlyWriter(desk, tenant, async (client) => {
    const phone = await expectPhone(client, desk, tenant, mac)
    const people = phone.people.map((person) => withoutPhone(person, phone.device['id']!))
    const rest = keep ? [{ table: 'offhook.devices', row: freeDevice(phone.device) } as const] : []
    const before = { people: phone.people, rest: listPhone(phone) }
    const changes = await planEdit(client, desk, tenant, before, { people, rest })
    const detail = { keep, lines: phone.lines.length }
    await writeChanges(client, desk, tenant, changes, { actor, action: 'phone-remove', object: mac, detail })
    if (keep) await client.query('update devices set sealed_at = null where id = $1', [phone.device['id']])
  })
}
