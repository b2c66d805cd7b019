import type pg from 'pg'
import { listLinkable, type LinkSite, prepareLink } from '../boot/prepare-link.ts'
import { insertDeviceLink } from '../db/device-links.ts'
import type { MailedApp } from '../mail/write-mail.ts'
import { makeQrCode } from '../model/qr-code.ts'
import { writePng } from '../model/qr-pictures.ts'
import { hashDeviceToken } from '../secrets/device-token.ts'

/** How long what a mail invites to can be done. */
export const INVITATION_DAYS = 14
const DAY_MINUTES = 24 * 60
const PIXELS_A_MODULE = 6

type Softphone = { id: number; name: string; family: string; apps: Record<string, string> }

/**
 * Links for all of a person's apps that are set up by a picture, stored before the mail leaves, so that a link that arrives
 * works. A mail that is sent again has others; using one voids the rest.
 * @param office connections of the owner
 */
export async function linkApps(
  { pool }: { pool: pg.Pool },
  site: LinkSite,
  tenantId: number,
  userId: number,
): Promise<MailedApp[]> {
  const { rows } = await pool.query<Softphone>(
    `select d.id, d.name, d.family, t.app_accounts as apps from devices d join tenants t on t.id = d.tenant_id
     where d.tenant_id = $1 and d.user_id = $2 and d.mac is null order by d.id`,
    [tenantId, userId],
  )
  const apps: MailedApp[] = []
  for (const { id, name, family, apps: accounts } of rows) {
    if (!listLinkable(site, accounts).includes(family)) continue
    const { token, app, picture, tap } = prepareLink(site, { name, family }, accounts)
    const tokenSha256 = hashDeviceToken(token.reveal())
    const minutes = INVITATION_DAYS * DAY_MINUTES
    await insertDeviceLink(pool, { tenantId, deviceId: id, tokenSha256, minutes, actor: 'mail' })
    apps.push({ name: app, link: tap, png: writePng(makeQrCode(picture), PIXELS_A_MODULE) })
  }
  return apps
}
