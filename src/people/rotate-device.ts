import type pg from 'pg'
import { applyChanges } from '../apply/apply-changes.ts'
import { writeAudit } from '../db/audit.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Change } from '../plan/change.ts'
import type { PersonRows } from '../plan/person-rows.ts'
import type { Row } from '../plan/row.ts'
import { generateAdminPassword, generateSipSecret } from '../secrets/generate.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import type { FoundDevice } from './find-device.ts'
import { listPhone, readPhone } from './phones/find-phone.ts'
import { freshToken } from './phones/free-device.ts'
import { planEdit } from './plan-edit.ts'
import { writeChanges } from './write-changes.ts'

/**
 * Gives a device a new token: addresses that hold the old one lead nowhere from now on.
 * @param what `passwords`: also new ones for its accounts and its own page, as after others could read them; its
 *   password for HTTP is gone then, and other phones on the same accounts fetch again
 */
export async function rotateDevice(
  desk: PeopleDesk,
  tenant: Tenant,
  found: FoundDevice,
  actor: string,
  what: { passwords: boolean } = { passwords: false },
): Promise<void> {
  const before = found.device
  const object = `device ${String(before['id'])}`
  await asOnlyWriter(desk, tenant, async (client) => {
    if (what.passwords) {
      await rotatePasswords(client, desk, tenant, before, { actor, object })
      return
    }
    const after = { ...before, ...freshToken() }
    const change: Change = { table: 'offhook.devices', key: String(before['id']), before, after }
    await applyChanges(client, [change], tenant.id, codecOf(desk, tenant))
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'rotate', object })
  })
}

async function rotatePasswords(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  before: Row,
  deed: { actor: string; object: string },
): Promise<void> {
  const phone = await readPhone(client, desk, tenant, before)
  const accounts = new Set(phone.lines.map((line) => line['endpoint_id']))
  const device: Row = { ...before, ...freshToken(), admin_password: generateAdminPassword() }
  const renewed = (endpoint: Row): Row =>
    accounts.has(endpoint['id']) && endpoint['secret'] !== null
      ? { ...endpoint, secret: generateSipSecret() }
      : endpoint
  const people = phone.people.map((person): PersonRows => ({
    ...person,
    endpoints: person.endpoints.map(renewed),
    devices: person.devices.map((other) => (other['id'] === device['id'] ? device : other)),
  }))
  const changes = await planEdit(
    client,
    desk,
    tenant,
    { people: phone.people, rest: listPhone(phone) },
    { people, rest: listPhone({ ...phone, device }) },
  )
  await writeChanges(client, desk, tenant, changes, { ...deed, action: 'rotate', detail: { passwords: true } })
  await client.query('update devices set sealed_at = null where id = $1', [before['id']])
  await client.query('delete from device_exposures where device_id = $1', [before['id']])
  await client.query('delete from device_logins where device_id = $1', [before['id']])
}
