import type { Queryable } from '../../db/pool.ts'
import { toJsonb } from '../../db/to-jsonb.ts'
import type { Tenant } from '../../db/tenants.ts'
import { type LayerSettings, wrapSecrets } from '../../phones/layers.ts'
import { openSettings, sealSettings } from '../../secrets/sealed-settings.ts'
import type { Vault } from '../../secrets/vault.ts'
import type { PlacedSettings } from './settings-place.ts'

type Opener = { vault: Vault }
type Owner = Pick<Tenant, 'slug'>
type Row = Pick<PlacedSettings, 'table' | 'id'>

/** A layer as it is stored, with its secrets as such. It is not checked: what is wrong in it shall be cured. @throws AppError `key-wrong` */
export function openStored(
  { vault }: Opener,
  tenant: Owner,
  { stored, ...row }: Row & Pick<PlacedSettings, 'stored'>,
): LayerSettings {
  return wrapSecrets(openSettings(vault, placeOf(tenant, row), stored)) as LayerSettings
}

/** A layer as it is to be stored, what is secret in it sealed. */
export function sealLayer({ vault }: Opener, tenant: Owner, row: Row, layer: LayerSettings): object {
  return sealSettings(vault, placeOf(tenant, row), layer)
}

/** Writes a layer into its row, sealed. */
export async function writeStored(
  client: Queryable,
  opener: Opener,
  tenant: Owner,
  { table, id }: Row,
  layer: LayerSettings,
): Promise<void> {
  const sealed = toJsonb(sealLayer(opener, tenant, { table, id }, layer))
  await client.query(`update offhook.${table} set settings = $2 where id = $1`, [id, sealed])
}

function placeOf({ slug }: Owner, { table, id }: Row) {
  return { tenant: slug, table: `offhook.${table}`, row: String(id) }
}
