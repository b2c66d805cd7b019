import { writeAudit } from '../../db/audit.ts'
import { insertDeviceLink } from '../../db/device-links.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { Secret } from '../../model/secret.ts'
import { hashDeviceToken } from '../../secrets/device-token.ts'
import type { PeopleDesk } from '../desk.ts'

const LONGEST_MINUTES = 30 * 24 * 60

/** @throws AppError `input-invalid` */
export function checkLinkMinutes(minutes: number): void {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES)
    throw new AppError('input-invalid', `A link lasts from 1 minute to 30 days (${LONGEST_MINUTES} minutes).`)
}

/**
 * Lets whoever comes with this token have the device's file, once.
 * @returns until when
 * @throws AppError `input-invalid`
 */
export function storeLink(
  desk: PeopleDesk,
  tenant: Tenant,
  link: { deviceId: number; token: Secret; minutes: number },
  actor: string,
): Promise<Date> {
  const { deviceId, token, minutes } = link
  checkLinkMinutes(minutes)
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const tokenSha256 = hashDeviceToken(token.reveal())
    const expires = await insertDeviceLink(client, { tenantId: tenant.id, deviceId, tokenSha256, minutes, actor })
    const object = `device ${deviceId}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'link-create', object, detail: { minutes } })
    return expires
  })
}
