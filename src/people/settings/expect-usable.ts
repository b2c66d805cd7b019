import { listAssets } from '../../db/assets.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { SettingChanges } from '../../phones/change-layer.ts'
import type { Family } from '../../phones/family.ts'
import type { LayerSettings } from '../../phones/layers.ts'
import type { PlacedSettings } from './settings-place.ts'

/** More is no setting of a phone, and every file of every phone is made of it. */
const MOST_BYTES = 64 * 1024

type Wanted = {
  placed: PlacedSettings
  layer: LayerSettings
  changes: SettingChanges
  faults: readonly string[]
  families: readonly Family[]
}

/**
 * That what is said is good for a phone there: words of its maker, files that the store has.
 * @throws AppError `input-invalid` naming everything that is not
 */
export async function expectUsable(client: Queryable, tenant: Tenant, wanted: Wanted): Promise<void> {
  refuseFaults(wanted.faults)
  const bytes = Buffer.byteLength(JSON.stringify(wanted.layer))
  refuseFaults([
    ...findForeignWords(wanted),
    ...(await findMissingFiles(client, tenant, wanted)),
    ...(bytes > MOST_BYTES ? [`All settings of a layer together have up to ${MOST_BYTES} bytes, these ${bytes}`] : []),
  ])
}

function findForeignWords({ placed, changes, families }: Wanted): string[] {
  const { raw = {}, ...flat } = (changes.set ?? {}) as { raw?: object }
  const words = [...Object.keys(raw), ...Object.keys(flat).flatMap((path) => /^raw[.](.+)$/s.exec(path)?.[1] ?? [])]
  const mine = placed.family === null ? families : families.filter(({ name }) => name === placed.family)
  const whose = placed.family === null ? 'No maker' : (mine[0]?.displayName ?? placed.family)
  return words
    .filter((word) => !mine.some(({ rawName }) => rawName?.test(word)))
    .map((word) => `${whose} has ${placed.family === null ? 'a' : 'no'} raw setting of the form ${word}. Leave it out`)
}

async function findMissingFiles(client: Queryable, tenant: Tenant, { changes }: Wanted): Promise<string[]> {
  const named = (['ringtone', 'wallpaper'] as const).flatMap((kind) => {
    const name = changes.set?.[kind]
    return typeof name === 'string' ? [{ kind, name }] : []
  })
  if (named.length === 0) return []
  const assets = await listAssets(client, tenant.id)
  return named
    .filter(({ kind, name }) => !assets.some((asset) => asset.kind === kind && asset.name === name))
    .map(({ kind, name }) => `There is no ${kind} ${name} in the store. Add it: offhook asset add ${kind} FILE`)
}

/** @throws AppError `input-invalid` with all of them, if there are any */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new AppError('input-invalid', faults.map(endSentence).join(' '))
}

function endSentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`
}
