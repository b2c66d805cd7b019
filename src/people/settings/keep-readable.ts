import { countAddressed, listUntold } from '../../db/file-keys.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { LayerSettings } from '../../phones/layers.ts'
import type { UnfitSetting } from './find-unfit.ts'
import type { PlacedSettings } from './settings-place.ts'

type Place = Pick<PlacedSettings, 'table' | 'id'>
type Change = { before: LayerSettings; after: LayerSettings }

/**
 * A phone learns the key of its file from a file that it can read: told a new one inside of what the new one closes, it
 * would never fetch anything again, and nothing here would show why.
 * @param families those whose files can be encrypted; null: all count
 * @throws AppError `input-invalid` for another key while phones get their files encrypted, or together with that
 */
export async function expectReadable(
  client: Queryable,
  tenant: Tenant,
  place: Place,
  { before, after }: Change,
  families: readonly string[] | null,
): Promise<void> {
  const isOther = Boolean(after.fileKey) && after.fileKey?.reveal() !== before.fileKey?.reveal()
  if (!isOther || after.encryptFiles === false) return
  const { phones, encrypted } = await countAddressed(client, { tenantId: tenant.id, place, families })
  const locked = after.encryptFiles === true ? phones : encrypted
  if (locked === 0) return
  throw new AppError(
    'input-invalid',
    `${locked === 1 ? 'One phone' : `${locked} phones`} could not open a file with this key, for none that was readable told it. ` +
      'Say encryptFiles=false and fileKey first, wait until the phones have fetched, and then say encryptFiles=true.',
  )
}

/** Where files are to be encrypted from now on: phones that have fetched nothing since they could have learnt the key. */
export async function findUntold(
  client: Queryable,
  tenant: Tenant,
  place: Place,
  { before, after }: Change,
  families: readonly string[],
): Promise<UnfitSetting[]> {
  if (after.encryptFiles !== true || before.encryptFiles === true) return []
  const models = await listUntold(client, { tenantId: tenant.id, place, families })
  const reason =
    'fetched no file since the key was said and could not open the next one: say encryptFiles=false until they have'
  return models.map((model) => ({ ...model, setting: 'encryptFiles', reason }))
}
