import type { Queryable } from './pool.ts'

/** How long whoever used a link may come again from where it was used: apps ask twice, and connections break. */
const AGAIN_SECONDS = 120

/** @returns when it expires */
export async function insertDeviceLink(
  client: Queryable,
  link: { tenantId: number; deviceId: number; tokenSha256: Buffer; minutes: number; actor: string },
): Promise<Date> {
  const { rows } = await client.query<{ expires_at: Date }>(
    `insert into device_links (tenant_id, device_id, token_sha256, created_by, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(mins => $5)) returning expires_at`,
    [link.tenantId, link.deviceId, link.tokenSha256, link.actor, link.minutes],
  )
  return rows[0]!.expires_at
}

/**
 * Uses a link up, together with all others of its device.
 * @returns whose it is; `open`: whether it was still good, or was used from there a moment ago; null: there is none
 */
export async function useDeviceLink(
  client: Queryable,
  tokenSha256: Buffer,
  address: string,
  timeoutMs: number,
): Promise<{ deviceId: number; open: boolean } | null> {
  // The driver reads query_timeout of a single query too; its types do not say so.
  const query = {
    name: 'use device link',
    text: `with sought as (select id, device_id from device_links where token_sha256 = $1),
      used as (
        update device_links k set used_at = coalesce(k.used_at, now()), used_from = case k.id when sought.id then $2 else '' end
        from sought where k.device_id = sought.device_id and k.expires_at > now()
          and (k.used_at is null or (k.id = sought.id and k.used_from = $2
            and k.used_at > now() - make_interval(secs => ${AGAIN_SECONDS})))
          and exists (select from device_links own where own.id = sought.id and own.expires_at > now()
            and (own.used_at is null or (own.used_from = $2
              and own.used_at > now() - make_interval(secs => ${AGAIN_SECONDS}))))
        returning k.id)
      select device_id as "deviceId", exists (select from used where used.id = sought.id) as open from sought`,
    values: [tokenSha256, address],
    query_timeout: timeoutMs,
  }
  const { rows } = await client.query<{ deviceId: number; open: boolean }>(query)
  return rows[0] ?? null
}

/** Deletes links that ended so long ago. @returns how many */
export async function eraseOldLinks(owner: Queryable, days: number): Promise<number> {
  const { rowCount } = await owner.query(
    'delete from offhook.device_links where expires_at < now() - make_interval(days => $1)',
    [days],
  )
  return rowCount ?? 0
}
