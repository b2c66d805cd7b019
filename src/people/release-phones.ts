import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { PeopleDesk } from './desk.ts'

const LONGEST_MINUTES = 7 * 24 * 60

/** @throws AppError `input-invalid` */
export function checkMinutes(minutes: number): void {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES)
    throw new AppError('input-invalid', 'A release lasts from 1 minute to 7 days (10080 minutes).')
}

/**
 * Opens the window in which a phone gets its configuration by MAC address alone: one phone, or all of the tenant.
 * @returns when it closes
 * @throws AppError `device-unknown` or `input-invalid`
 */
export async function releasePhones(
  desk: PeopleDesk,
  tenant: Tenant,
  window: { deviceId: number | null; minutes: number; actor: string },
): Promise<Date> {
  const { deviceId, minutes, actor } = window
  checkMinutes(minutes)
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ closes_at: Date }>(
      `insert into release_windows (tenant_id, device_id, closes_at, opened_by)
       values ($1, $2, now() + make_interval(mins => $3), $4) returning closes_at`,
      [tenant.id, deviceId, minutes, actor],
    )
    const object = deviceId === null ? 'all phones' : `device ${deviceId}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'release', object, detail: { minutes } })
    return rows[0]!.closes_at
  })
}
