import {
  type Asset,
  type AssetKind,
  countModels,
  listAssets,
  type SettingPlace,
  writeAssetSetting,
} from '../db/assets.ts'
import { writeAudit } from '../db/audit.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import { readLocations, type Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { parseMac } from '../model/mac.ts'
import { quote } from '../model/quote.ts'
import { type Family, findModel } from '../phones/family.ts'
import { pickVariant } from '../phones/media.ts'
import type { Shelf } from './shelf.ts'

/** `location` by name, `phone` by MAC address or name; neither: every phone of the tenant. `name` null: no more. */
export type AssetUse = {
  kind: AssetKind
  name: string | null
  location?: string | undefined
  phone?: string | undefined
}

/** Models of phones there which cannot use it, and why: what they show stays as it is. */
export type Unfit = { family: string; model: string; phones: number; reason: string }

/** `name` as it was stored. */
export type AssetUsed = { name: string | null; unfit: Unfit[] }

/**
 * Has phones play a ringtone or show a wallpaper; what a location or a phone says goes before what the tenant says.
 * @throws AppError `asset-unknown`, `location-unknown`, `device-unknown`, `input-invalid`
 */
export function useAsset(
  { pool, families }: Pick<Shelf, 'pool' | 'families'>,
  tenant: Tenant,
  { kind, name, location, phone }: AssetUse,
  actor: string,
): Promise<AssetUsed> {
  if (kind !== 'ringtone' && kind !== 'wallpaper')
    throw new AppError('input-invalid', `A ${kind} file needs no setting: phones of its family ask for it by its name.`)
  if (location !== undefined && phone !== undefined)
    throw new AppError('input-invalid', 'Say a location or a phone, not both.')
  return inTransaction(pool, tenant.id, async (client) => {
    const variants = await listAssets(client, tenant.id)
    const known = name === null ? null : expectName(variants, kind, name)
    const place = await findPlace(client, tenant, { location, phone })
    await writeAssetSetting(client, place, kind, known)
    const detail = { kind, name: known }
    const object = phone ?? location ?? tenant.slug
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'asset-use', object, detail })
    if (known === null) return { name: null, unfit: [] }
    const models = await countModels(client, tenant.id, place)
    return { name: known, unfit: models.flatMap((each) => explainUnfit(families, variants, kind, known, each)) }
  })
}

function expectName(variants: readonly Asset[], kind: AssetKind, name: string): string {
  const all = variants.filter((asset) => asset.kind === kind)
  const found = all.find((asset) => asset.name.toLowerCase() === name.toLowerCase())
  if (found) return found.name
  const names = [...new Set(all.map((asset) => asset.name))].join(', ')
  throw new AppError('asset-unknown', `There is no ${kind} ${quote(name)}. There is: ${names || 'none'}.`)
}

function explainUnfit(
  families: readonly Family[],
  variants: readonly Asset[],
  kind: 'ringtone' | 'wallpaper',
  name: string,
  phones: Omit<Unfit, 'reason'>,
): Unfit[] {
  const family = families.find((each) => each.name === phones.family)
  if (!family) return []
  const mine = variants.filter(
    ({ family: of, model }) =>
      (of === null || of === family.name) && (model === null || model === phones.model.toLowerCase()),
  )
  const { fitting, reason } = pickVariant(mine.toReversed(), kind, name, family, findModel(family, phones.model))
  return fitting
    ? []
    : [{ ...phones, reason: reason ?? `There is no variant for ${family.displayName} ${phones.model}` }]
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
