import { type AssetKind, listAssets, type SettingPlace, writeAssetSetting } from '../db/assets.ts'
import { writeAudit } from '../db/audit.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import { readLocations, type Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { parseMac } from '../model/mac.ts'
import { quote } from '../model/quote.ts'
import type { Shelf } from './shelf.ts'

/** `location` by name, `phone` by MAC address or name; neither: every phone of the tenant. `name` null: no more. */
export type AssetUse = {
  kind: AssetKind
  name: string | null
  location?: string | undefined
  phone?: string | undefined
}

/**
 * Has phones play a ringtone or show a wallpaper; what a location or a phone says goes before what the tenant says.
 * @returns how it is called, as it was stored
 * @throws AppError `asset-unknown`, `location-unknown`, `device-unknown`, `input-invalid`
 */
export function useAsset(
  { pool }: Pick<Shelf, 'pool'>,
  tenant: Tenant,
  { kind, name, location, phone }: AssetUse,
  actor: string,
): Promise<string | null> {
  if (kind !== 'ringtone' && kind !== 'wallpaper')
    throw new AppError('input-invalid', `A ${kind} file needs no setting: phones of its family ask for it by its name.`)
  if (location !== undefined && phone !== undefined)
    throw new AppError('input-invalid', 'Say a location or a phone, not both.')
  return inTransaction(pool, tenant.id, async (client) => {
    const known = name === null ? null : await expectName(client, tenant, kind, name)
    const place = await findPlace(client, tenant, { location, phone })
    await writeAssetSetting(client, place, kind, known)
    const detail = { kind, name: known }
    const object = phone ?? location ?? tenant.slug
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'asset-use', object, detail })
    return known
  })
}

async function expectName(client: Queryable, tenant: Tenant, kind: AssetKind, name: string): Promise<string> {
  const all = (await listAssets(client, tenant.id)).filter((asset) => asset.kind === kind)
  const found = all.find((asset) => asset.name.toLowerCase() === name.toLowerCase())
  if (found) return found.name
  const names = [...new Set(all.map((asset) => asset.name))].join(', ')
  throw new AppError('asset-unknown', `There is no ${kind} ${quote(name)}. There is: ${names || 'none'}.`)
}

async function findPlace(
  client: Queryable,
  tenant: Tenant,
  { location, phone }: Pick<AssetUse, 'location' | 'phone'>,
): Promise<SettingPlace> {
  if (location !== undefined) {
    const id = (await readLocations(client, tenant.id)).get(location)
    if (id === undefined)
      throw new AppError('location-unknown', `There is no location ${quote(location)}. See: offhook location list`)
    return { table: 'locations', id }
  }
  if (phone === undefined) return { table: 'tenants', id: tenant.id }
  const { rows } = await client.query<{ id: number }>(
    'select id from devices where tenant_id = $1 and (mac = $2 or name = $3) limit 1',
    [tenant.id, parseMac(phone), phone],
  )
  if (!rows[0]) throw new AppError('device-unknown', `The tenant ${tenant.slug} has no phone ${phone}.`)
  return { table: 'devices', id: rows[0].id }
}
