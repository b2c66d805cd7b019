import { writeAudit } from '../../db/audit.ts'
import { inTransaction, type Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { changeLayer, flattenLayer, type SettingChanges } from '../../phones/change-layer.ts'
import type { Family } from '../../phones/family.ts'
import { type LayerSettings, wrapSecrets } from '../../phones/layers.ts'
import { hideSettings } from '../../secrets/sealed-settings.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'
import { expectUsable } from './expect-usable.ts'
import { findUnfit, type UnfitSetting } from './find-unfit.ts'
import { expectReadable, findUntold } from './keep-readable.ts'
import { findPlace, type SettingsPlace } from './settings-place.ts'
import { writeStored } from './stored-layer.ts'
import { tryOpen } from './unreadable-settings.ts'

/** By path (`timezone`, `keys.3.value`, `raw.features.dnd.allow`); a `Secret` prints as `***`. */
export type ShownSettings = Readonly<Record<string, unknown>>

/** What one layer says of phones. @throws AppError `location-unknown`, `profile-unknown`, `device-unknown` */
export function viewSettings(desk: PeopleDesk, tenant: Tenant, place: SettingsPlace): Promise<ShownSettings> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { stored } = await findPlace(client, tenant, place)
    // Nothing is opened that is not shown: what no key opens any more can still be looked at.
    return flattenLayer(wrapSecrets(hideSettings(stored)) as LayerSettings)
  })
}

/** As they are stored, secrets sealed: for whoever compares and shows nothing. Errors as in {@link viewSettings} */
export async function readStoredSettings(client: Queryable, tenant: Tenant, place: SettingsPlace): Promise<object> {
  return (await findPlace(client, tenant, place)).stored
}

/**
 * Changes what one layer says. Phones whose files are others by it are told to fetch them.
 * @param wanted `families`: whose words `raw` settings are held to
 * @returns all that the layer says now, and which phones there it does not reach
 * @throws AppError `input-invalid` naming every setting that cannot be so, `key-wrong`, and as {@link viewSettings}
 */
export function changeSettings(
  desk: PeopleDesk,
  tenant: Tenant,
  place: SettingsPlace,
  wanted: { changes: SettingChanges; families: readonly Family[] },
  actor: string,
): Promise<{ settings: ShownSettings; unfit: UnfitSetting[] }> {
  const { set = {}, unset = [] } = wanted.changes
  return asOnlyWriter(desk, tenant, async (client) => {
    const placed = await findPlace(client, tenant, place)
    const opened = tryOpen(desk, { ...placed, slug: tenant.slug, name: placed.name.replace(/^[a-z]+ /, '') })
    if (typeof opened === 'string') throw new AppError('key-wrong', opened)
    const { layer, faults } = changeLayer(opened, { set, unset })
    await expectUsable(client, tenant, { ...wanted, placed, layer, faults })
    const change = { before: opened, after: layer }
    const encrypted = wanted.families.filter(({ encryption }) => encryption).map(({ name }) => name)
    await expectReadable(client, tenant, placed, change, encrypted)
    const untold = await findUntold(client, tenant, placed, change, encrypted)
    await writeStored(client, desk, tenant, placed, layer)
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor, action: 'settings-set', object: placed.name },
      // Names only: one of the values may be a password.
      detail: { set: Object.keys(set), unset },
    })
    const unfit = await findUnfit(client, tenant, placed, layer, wanted.families)
    return { settings: flattenLayer(layer), unfit: [...unfit, ...untold] }
  })
}

/** Takes out all that a layer says. Errors as in {@link viewSettings} */
export function clearSettings(desk: PeopleDesk, tenant: Tenant, place: SettingsPlace, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const placed = await findPlace(client, tenant, place)
    await writeStored(client, desk, tenant, placed, {})
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'settings-clear', object: placed.name })
  })
}
