import type { Mac } from '../model/mac.ts'
import type { Asset } from './assets.ts'
import type { Queryable } from './pool.ts'

export type LineRow = {
  position: number
  label: string | null
  endpointId: number
  endpointName: string
  /** Sealed, in hex. */
  secret: string
  number: string
  extensionLabel: string
}

/** Files of the store; `sha256` in hex. */
type FileRow = { name: string; sha256: string; bytes: number }
/** `files` null: it has none for that model. */
export type OfferRow = { version: string; pinned: boolean; files: FileRow[] | null }
export type AssetRow = FileRow & Pick<Asset, 'kind' | 'family' | 'model' | 'format' | 'width' | 'height' | 'audio'>

export type KeyRow = { position: number; kind: string; value: string | null; label: string | null }

/** One device with everything that its files are made of, secrets still sealed. */
export type DeviceRecord = {
  id: number
  tenantId: number
  tenantSlug: string
  mac: Mac | null
  family: string
  model: string
  token: Buffer
  adminPassword: Buffer
  sealedAt: Date | null
  /** Secrets among the settings of every layer are sealed, each at its own place. */
  tenantSettings: unknown
  locationId: number | null
  locationSettings: unknown
  profileId: number | null
  profileSettings: unknown
  deviceSettings: unknown
  language: string | null
  timezone: string | null
  lines: LineRow[]
  profileKeys: KeyRow[]
  deviceKeys: KeyRow[]
  /** What it is to have, and whether by a pin. */
  firmware: OfferRow | null
  assets: AssetRow[]
}

/** What a device is known by: each has an index of its own. */
export type DeviceKey = { tokenSha256: Buffer } | { id: number } | { mac: Mac }
/** Several of one kind. */
export type DeviceKeys = { tokensSha256: readonly Buffer[] } | { ids: readonly number[] } | { macs: readonly Mac[] }

const KEYS = `json_agg(json_build_object('position', k.position, 'kind', k.kind, 'value', k.value, 'label', k.label)
  order by k.position)`

const OFFER = `(select json_build_object('version', i.version, 'pinned', o.rollout_id is null, 'files',
    (select json_agg(json_build_object('name', f.name, 'sha256', encode(f.sha256, 'hex'), 'bytes', f.bytes) order by f.id)
     from firmware_files f where f.image_id = i.id and (f.models = '{}' or lower(d.model) = any (f.models))))
  from firmware_offers o join firmware_images i on i.id = o.image_id where o.device_id = d.id and o.active)`

const ASSETS = `(select json_agg(json_build_object('kind', a.kind, 'name', a.name, 'family', a.family, 'model', a.model,
    'sha256', encode(a.sha256, 'hex'), 'bytes', a.bytes, 'format', a.format, 'width', a.width, 'height', a.height,
    'audio', a.audio)
    order by a.model is null, a.family is null, a.id)
  from assets a where a.tenant_id = d.tenant_id and (a.family is null or a.family = d.family)
    and (a.model is null or a.model = lower(d.model)))`

const SELECT = `select d.id, d.tenant_id as "tenantId", t.slug as "tenantSlug", d.mac, d.family, d.model, d.token,
  d.admin_password as "adminPassword", d.sealed_at as "sealedAt",
  t.settings as "tenantSettings", l.id as "locationId", coalesce(l.settings, '{}') as "locationSettings",
  p.id as "profileId", coalesce(p.settings, '{}') as "profileSettings", d.settings as "deviceSettings", u.language, u.timezone,
  coalesce((select json_agg(json_build_object('position', n.position, 'label', n.label, 'endpointId', e.id,
      'endpointName', e.name, 'secret', encode(e.secret, 'hex'), 'number', x.number, 'extensionLabel', x.label)
      order by n.position)
    from lines n join endpoints e on e.id = n.endpoint_id join extensions x on x.id = e.extension_id
    where n.device_id = d.id and e.secret is not null), '[]') as lines,
  coalesce((select ${KEYS} from keys k where k.profile_id = d.profile_id), '[]') as "profileKeys",
  coalesce((select ${KEYS} from keys k where k.device_id = d.id), '[]') as "deviceKeys",
  ${OFFER} as firmware, coalesce(${ASSETS}, '[]') as assets, w.place
  from devices d join tenants t on t.id = d.tenant_id left join users u on u.id = d.user_id
  left join locations l on l.id = coalesce(d.location_id, u.location_id) left join profiles p on p.id = d.profile_id`

/** Reads one device in one round trip; null when there is none. Needs a role that sees every tenant. */
export async function readDevice(client: Queryable, key: DeviceKey, timeoutMs: number): Promise<DeviceRecord | null> {
  const [device] = await readDevices(client, listKey(key), timeoutMs)
  return device!
}

/** Reads devices in one round trip, in the order of their keys; null where there is none. */
export async function readDevices(
  client: Queryable,
  keys: DeviceKeys,
  timeoutMs: number,
): Promise<(DeviceRecord | null)[]> {
  const [column, type, values] = columnOf(keys)
  // The driver reads query_timeout of a single query too; its types do not say so.
  const query = {
    name: `boot devices by ${column}`,
    text: `${SELECT} join unnest($1::${type}[]) with ordinality as w(key, place) on d.${column} = w.key`,
    values: [values],
    query_timeout: timeoutMs,
  }
  const { rows } = await client.query<DeviceRecord & { place: number }>(query)
  const found = new Map(rows.map(({ place, ...device }) => [place, device]))
  return values.map((_, at) => found.get(at + 1) ?? null)
}

function listKey(key: DeviceKey): DeviceKeys {
  if ('tokenSha256' in key) return { tokensSha256: [key.tokenSha256] }
  return 'id' in key ? { ids: [key.id] } : { macs: [key.mac] }
}

function columnOf(keys: DeviceKeys): [column: string, type: string, values: readonly unknown[]] {
  if ('tokensSha256' in keys) return ['token_sha256', 'bytea', keys.tokensSha256]
  return 'ids' in keys ? ['id', 'bigint', keys.ids] : ['mac', 'text', keys.macs]
}

/** Notes that these devices have their token now; see release_windows. */
export async function markSealed(client: Queryable, ids: readonly number[]): Promise<void> {
  await client.query('update devices set sealed_at = now() where id = any ($1)', [ids])
}
