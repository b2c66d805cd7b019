import type { Media } from '../model/stored-media.ts'
import type { Queryable } from './pool.ts'

export const ASSET_KINDS = ['ringtone', 'wallpaper', 'licence', 'language'] as const
export type AssetKind = (typeof ASSET_KINDS)[number]

/** Which variant of which asset. `model` in lower case; null: for all. */
export type AssetKey = { kind: AssetKind; name: string; family: string | null; model: string | null }

/** A file of the store that settings name or phones ask for. `sha256` in hex; `size` of a picture. */
export type Asset = AssetKey & {
  id: number
  sha256: string
  bytes: number
  format: Media['format']
  width: number | null
  height: number | null
  audio: Media['audio']
  added_at: Date
}

const ASSET = `select id, kind, name, family, model, encode(sha256, 'hex') as sha256, bytes, format, width, height,
  audio, added_at from assets`

const SAME = `tenant_id = $1 and kind = $2 and lower(name) = lower($3) and family is not distinct from $4
  and model is not distinct from $5`

export async function listAssets(client: Queryable, tenantId: number): Promise<Asset[]> {
  const { rows } = await client.query<Asset>(
    `${ASSET} where tenant_id = $1 order by kind, lower(name), family nulls first, model nulls first`,
    [tenantId],
  )
  return rows
}

export async function findAsset(
  client: Queryable,
  tenantId: number,
  key: AssetKey | { id: number },
): Promise<Asset | null> {
  if ('id' in key) {
    const { rows } = await client.query<Asset>(`${ASSET} where tenant_id = $1 and id = $2 for update`, [
      tenantId,
      key.id,
    ])
    return rows[0] ?? null
  }
  const { rows } = await client.query<Asset>(`${ASSET} where ${SAME} for update`, [
    ...[tenantId, key.kind, key.name, key.family, key.model],
  ])
  return rows[0] ?? null
}

/** Adds it, or puts it in the place of what was there. */
export async function putAsset(
  client: Queryable,
  tenantId: number,
  asset: Omit<Asset, 'id' | 'added_at'>,
): Promise<Asset> {
  const { kind, name, family, model, sha256, bytes, format, width, height, audio } = asset
  await client.query(`delete from assets where ${SAME}`, [tenantId, kind, name, family, model])
  await client.query(
    `insert into assets (tenant_id, kind, name, family, model, sha256, bytes, format, width, height, audio)
     values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8, $9, $10, $11)`,
    [tenantId, kind, name, family, model, sha256, bytes, format, width, height, audio && JSON.stringify(audio)],
  )
  return (await findAsset(client, tenantId, { kind, name, family, model }))!
}

export async function deleteAsset(client: Queryable, id: number): Promise<void> {
  await client.query('delete from assets where id = $1', [id])
}

/** Who names a ringtone or wallpaper: `location Berlin`, `the tenant`. */
export async function listAssetUses(
  client: Queryable,
  tenantId: number,
  { kind, name }: Pick<AssetKey, 'kind' | 'name'>,
): Promise<string[]> {
  const { rows } = await client.query<{ use: string }>(
    `select use from (
       select 'the tenant' as use, settings from tenants where id = $1
       union all select 'the location ' || name, settings from locations where tenant_id = $1
       union all select 'the profile ' || name, settings from profiles where tenant_id = $1
       union all select 'the phone ' || name, settings from devices where tenant_id = $1) u
     where lower(settings->>$2) = lower($3) order by use limit 5`,
    [tenantId, kind, name],
  )
  return rows.map(({ use }) => use)
}

/** Whose setting: the whole tenant's, a location's, a profile's or a phone's. */
export type SettingPlace = { table: 'tenants' | 'locations' | 'profiles' | 'devices'; id: number }

/** Names a ringtone or wallpaper in the settings of a place; null takes it out of them. */
export async function writeAssetSetting(
  client: Queryable,
  { table, id }: SettingPlace,
  kind: AssetKind,
  name: string | null,
): Promise<void> {
  await client.query(
    `update ${table} set settings = (settings - $2::text) || jsonb_strip_nulls(jsonb_build_object($2::text, $3::text))
     where id = $1`,
    [id, kind, name],
  )
}

/** Which phones `d`, of a user `u` perhaps, a layer with the number $2 is for. */
export const PHONES_OF_PLACE = {
  tenants: 'd.tenant_id = $2',
  devices: 'd.id = $2',
  profiles: 'd.profile_id = $2',
  locations: 'coalesce(d.location_id, u.location_id) = $2',
} as const

/** How many phones of which models are there; `model` as the inventory spells it. */
export async function countModels(
  client: Queryable,
  tenantId: number,
  { table, id }: SettingPlace,
): Promise<{ family: string; model: string; phones: number }[]> {
  const { rows } = await client.query<{ family: string; model: string; phones: number }>(
    `select d.family, d.model, count(*)::int as phones from devices d left join users u on u.id = d.user_id
     where d.tenant_id = $1 and ${PHONES_OF_PLACE[table]} group by d.family, d.model order by d.family, d.model`,
    [tenantId, id],
  )
  return rows
}
