import type { Queryable } from '../db/pool.ts'
import { readDevice } from '../db/devices.ts'
import { AppError } from '../model/app-error.ts'
import type { Family } from '../phones/family.ts'
import type { Vault } from '../secrets/vault.ts'
import { describeDevice } from './device-settings.ts'
import { type ExplainedSetting, listSettings } from './list-settings.ts'
import { readSite } from './read-site.ts'

type Ground = { owner: Queryable; vault: Vault; families: readonly Family[]; phonesUrl: string; sipHost: string }

const TIMEOUT_MS = 15_000

/**
 * Every setting of a device with the layer that it comes from, for those who answer no phones themselves.
 * @throws AppError `device-unknown`, and as {@link describeDevice}
 */
export async function explainDevice(ground: Ground, id: number): Promise<ExplainedSetting[]> {
  const { owner, vault, families } = ground
  const record = await readDevice(owner, { id }, TIMEOUT_MS)
  if (!record) throw new AppError('device-unknown', `There is no phone ${id}.`)
  return listSettings(describeDevice(record, readSite(ground), families, vault))
}
