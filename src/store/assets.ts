import {
  type Asset,
  type AssetKey,
  type AssetKind,
  deleteAsset,
  findAsset,
  listAssets as readAssets,
  listAssetUses,
  putAsset,
} from '../db/assets.ts'
import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'
import type { Media } from '../model/stored-media.ts'
import type { Family, Model } from '../phones/family.ts'
import { refuseRingtone, refuseWallpaper } from '../phones/media.ts'
import { baseName, readFileName, stemOf } from './file-name.ts'
import { readMedia } from './read-media.ts'
import { readFamilyName, readModelName, spellModel } from '../phones/find-model.ts'
import { expectNoOwnFile, FILE_LIMITS, type Shelf, takeIn, type Upload } from './shelf.ts'

export type { Asset, AssetKind } from '../db/assets.ts'
export { ASSET_KINDS } from '../db/assets.ts'

/** `family`, `model`: whom this variant is for; without, everybody whom it fits. */
export type AssetPlace = { kind: AssetKind; family?: string | undefined; model?: string | undefined }

/**
 * Takes in a ringtone or wallpaper, which settings then name without its extension, or a licence or language file, which
 * phones of its family ask for by its name. What was there under the same name, family and model is replaced.
 * @throws AppError `input-invalid` when it is not what it should be or does not fit the phones, and as `takeIn`
 */
export async function addAsset(
  shelf: Shelf,
  tenant: Tenant,
  upload: Upload & AssetPlace,
  actor: string,
): Promise<Asset> {
  const place = readPlace(shelf.families, upload)
  const { family, model, kind } = place
  const file = readFileName(baseName(upload.name))
  const isNamed = kind === 'ringtone' || kind === 'wallpaper'
  if (!isNamed && !family)
    throw new AppError('input-invalid', `A ${kind} file is asked for by the phones of one family: say which.`)
  if (!isNamed) expectNoOwnFile(family!, file)
  const key = { kind, name: isNamed ? stemOf(file) : file, ...keyOf(place) }
  let media: Media = { format: 'other', size: null, audio: null }
  return takeIn(
    shelf,
    tenant,
    { ...upload, limitBytes: FILE_LIMITS.asset },
    ({ head, bytes }) => {
      if (!isNamed) return
      media = readMedia(head)
      const why = refuse(kind, media) ?? (family && refuseFor(kind, family, model, media, bytes))
      if (why) throw new AppError('input-invalid', `${quote(file)}: ${why}.`)
    },
    async (client, { sha256, bytes }) => {
      const { format, size, audio } = media
      const row = { ...key, sha256, bytes, format, audio, width: size?.width ?? null, height: size?.height ?? null }
      const asset = await putAsset(client, tenant.id, row)
      const detail = { kind, sha256, bytes, ...keyOf(place) }
      await writeAudit(client, { tenantId: tenant.id, actor, action: 'asset-add', object: key.name, detail })
      return spell(shelf.families, asset)
    },
  )
}

export async function listAssets(
  { pool, families }: Pick<Shelf, 'pool' | 'families'>,
  tenant: Tenant,
): Promise<Asset[]> {
  const assets = await inTransaction(pool, tenant.id, (client) => readAssets(client, tenant.id))
  return assets.map((asset) => spell(families, asset))
}

function spell(families: Shelf['families'], asset: Asset): Asset {
  return { ...asset, model: asset.model === null ? null : spellModel(families, asset.family, asset.model) }
}

/**
 * Removes one variant of an asset; the last one only when no setting names it.
 * @throws AppError `asset-unknown`, `in-use` naming who uses it
 */
export function removeAsset(
  shelf: Pick<Shelf, 'pool' | 'families'>,
  tenant: Tenant,
  which: (AssetPlace & { name: string }) | { id: number },
  actor: string,
): Promise<void> {
  const key = 'id' in which ? which : { kind: which.kind, name: which.name, ...keyOf(readPlace(shelf.families, which)) }
  return inTransaction(shelf.pool, tenant.id, async (client) => {
    const asset = await findAsset(client, tenant.id, key)
    if (!asset) {
      const words = 'id' in which ? `file with the number ${which.id}` : `${which.kind} ${quote(which.name)}`
      throw new AppError('asset-unknown', `There is no ${words}. See: offhook asset list`)
    }
    const { id, kind, name, family, model } = asset
    const others = (await readAssets(client, tenant.id)).filter(
      (one) => one.id !== id && one.kind === kind && one.name.toLowerCase() === name.toLowerCase(),
    )
    const uses = others.length > 0 ? [] : await listAssetUses(client, tenant.id, asset)
    if (uses.length > 0)
      throw new AppError('in-use', `The ${kind} ${name} is a setting of ${uses.join(', ')}. Change that first.`)
    await deleteAsset(client, id)
    const detail = { kind, family, model }
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'asset-remove', object: name, detail })
  })
}

type Place = { kind: AssetKind; family: Family | null; model: Model | null }

function readPlace(families: readonly Family[], { kind, family: text, model }: AssetPlace): Place {
  const family = text === undefined ? null : readFamilyName(families, text)
  if (model !== undefined && !family) throw new AppError('input-invalid', 'A model needs its family beside it.')
  return { kind, family, model: model === undefined ? null : readModelName(family!, model) }
}

function keyOf({ family, model }: Place): Pick<AssetKey, 'family' | 'model'> {
  return { family: family?.name ?? null, model: model?.name.toLowerCase() ?? null }
}

function refuse(kind: AssetKind, { format }: Media): string | null {
  if (kind === 'ringtone') return ['wav', 'mp3'].includes(format) ? null : 'it is no WAV or MP3 file'
  return ['png', 'jpg', 'bmp'].includes(format) ? null : 'it is no PNG, JPEG or BMP picture'
}

function refuseFor(kind: AssetKind, family: Family, model: Model | null, media: Media, bytes: number): string | null {
  return kind === 'ringtone' ? refuseRingtone(family, media, bytes) : refuseWallpaper(family, model, media, bytes)
}
