import { countModels } from '../../db/assets.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { type Family, findModel } from '../../phones/family.ts'
import type { LayerSettings } from '../../phones/layers.ts'
import { tryLayer } from '../../phones/try-layer.ts'
import type { PlacedSettings } from './settings-place.ts'

/** Phones that what is said does not reach: `setting` is its path; empty: with it they would get no file at all. */
export type UnfitSetting = { family: string; model: string; phones: number; setting: string; reason: string }

/** Which phones there cannot be told a layer, by model. Nothing is refused for it: others there can. */
export async function findUnfit(
  client: Queryable,
  tenant: Tenant,
  place: PlacedSettings,
  layer: LayerSettings,
  families: readonly Family[],
): Promise<UnfitSetting[]> {
  const models = await countModels(client, tenant.id, place)
  return models.flatMap((phones) => {
    const family = families.find(({ name }) => name === phones.family)
    if (!family) return []
    return tryLayer(family, findModel(family, phones.model), layer).map((misfit) => ({ ...phones, ...misfit }))
  })
}
