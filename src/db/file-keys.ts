import { PHONES_OF_PLACE, type SettingPlace } from './assets.ts'
import type { Queryable } from './pool.ts'

/** `families`: those whose files can be encrypted; null: all count. */
type Reach = { tenantId: number; place: SettingPlace; families: readonly string[] | null }

const REACHED = (place: SettingPlace) => `from devices d join tenants t on t.id = d.tenant_id
    left join users u on u.id = d.user_id left join profiles p on p.id = d.profile_id
    left join locations l on l.id = coalesce(d.location_id, u.location_id)
  where d.tenant_id = $1 and ${PHONES_OF_PLACE[place.table]} and d.sealed_at is not null
    and ($3::text[] is null or d.family = any ($3))`

/** Phones that have their address: of them, how many get their file encrypted as things stand. The most specific word counts. */
export async function countAddressed(
  client: Queryable,
  { tenantId, place, families }: Reach,
): Promise<{ phones: number; encrypted: number }> {
  const { rows } = await client.query<{ phones: number; encrypted: number }>(
    `select count(*)::int as phones, count(*) filter (where coalesce(d.settings->'encryptFiles',
       p.settings->'encryptFiles', l.settings->'encryptFiles', t.settings->'encryptFiles') = 'true')::int as encrypted
     ${REACHED(place)}`,
    [tenantId, place.id, families],
  )
  return rows[0]!
}

/** Phones that have their address and have not fetched a file of their own since somebody last said a `fileKey`, by model. */
export async function listUntold(
  client: Queryable,
  { tenantId, place, families }: Reach,
): Promise<{ family: string; model: string; phones: number }[]> {
  const { rows } = await client.query<{ family: string; model: string; phones: number }>(
    `select d.family, d.model, count(*)::int as phones ${REACHED(place)}
       and not exists (select from device_contacts c where c.device_id = d.id and c.outcome = 'served' and c.at >= (
         select max(a.at) from audit a where a.tenant_id = $1
           and (a.detail->'set' ? 'fileKey' or a.detail->'settings' ? 'fileKey')))
     group by d.family, d.model order by d.family, d.model`,
    [tenantId, place.id, families],
  )
  return rows
}
