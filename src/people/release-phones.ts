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

export type OpenRelease = { device: string | null; opened_at: Date; closes_at: Date; opened_by: string }

/** Windows that are open, `device` null for all phones of the tenant; the one that closes last first. */
export function viewReleases(desk: PeopleDesk, tenant: Tenant): Promise<OpenRelease[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<OpenRelease>(
      `select d.name as device, w.opened_at, w.closes_at, w.opened_by from release_windows w
         left join devices d on d.id = w.device_id where w.tenant_id = $1 and w.closes_at > now() order by w.closes_at desc`,
      [tenant.id],
    )
    return rows
  })
}

/**
 * Closes the windows of one phone, or with null all windows of the tenant, those of single phones included.
 * @returns how many were open
 */
export function closeReleases(
  desk: PeopleDesk,
  tenant: Tenant,
  { deviceId, actor }: { deviceId: number | null; actor: string },
): Promise<number> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rowCount } = await client.query(
      `delete from release_windows where tenant_id = $1 and closes_at > now() and ($2::bigint is null or device_id = $2)`,
      [tenant.id, deviceId],
    )
    const object = deviceId === null ? 'all phones' : `device ${deviceId}`
    await writeAudit(client, {
      tenantId: tenant.id,
      actor,
      action: 'release-close',
      object,
      detail: { windows: rowCount },
    })
    return rowCount ?? 0
  })
}
