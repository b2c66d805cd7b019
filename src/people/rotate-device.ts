import { applyChanges } from '../apply/apply-changes.ts'
import { writeAudit } from '../db/audit.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Change } from '../plan/change.ts'
import { generateDeviceToken, hashDeviceToken } from '../secrets/device-token.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import type { FoundDevice } from './find-device.ts'

/** Gives a device a new token: addresses that hold the old one lead nowhere from now on. */
export async function rotateDevice(desk: PeopleDesk, tenant: Tenant, found: FoundDevice, actor: string): Promise<void> {
  const before = found.device
  const token = generateDeviceToken()
  const after = { ...before, token, token_sha256: hashDeviceToken(token.reveal()).toString('hex') }
  const change: Change = { table: 'offhook.devices', key: String(before['id']), before, after }
  await asOnlyWriter(desk, tenant, async (client) => {
    await applyChanges(client, [change], tenant.id, codecOf(desk, tenant))
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'rotate', object: `device ${String(before['id'])}` })
  })
}
