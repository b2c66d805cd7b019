import type { DeviceRecord } from '../db/devices.ts'
import type { StoredPart } from '../model/stored-media.ts'
import type { Family, Model } from '../phones/family.ts'
import type { Layer, ResolvedSettings } from '../phones/layers.ts'
import { pickVariant } from '../phones/media.ts'

type Described = { family: Family; model: Model; resolved: ResolvedSettings }

const TYPES: Readonly<Record<string, string>> = {
  ...{ png: 'image/png', jpg: 'image/jpeg', bmp: 'image/bmp', wav: 'audio/wav', mp3: 'audio/mpeg' },
}
const BYTES = 'application/octet-stream'
/** Of a digest, so that another content has another address: phones keep what they fetched from the old one. */
const PREFIX_DIGITS = 8

/** What a rollout or pin says of the firmware, above everything else. */
export function offerLayers({ firmware }: DeviceRecord): Layer[] {
  if (!firmware?.files?.length) return []
  const { version, files, pinned } = firmware
  const said = { version, files: files.map(({ name }) => name) }
  return [{ layer: pinned ? 'device' : 'tenant', settings: { firmware: said } }]
}

/**
 * Puts the file that fits this model in the place of a ringtone or wallpaper that settings name, and lists what it may
 * fetch. Of several variants the model's own goes first, then its family's; what fits none is left out of its file.
 */
export function chooseStored(record: DeviceRecord, { family, model, resolved }: Described) {
  const { settings, origins } = resolved
  const parts = new Map<string, StoredPart>()
  for (const { name, sha256, bytes } of record.firmware?.files ?? []) {
    const part = { sha256, bytes, contentType: BYTES }
    // At the root where the maker's phones look beside their configuration, in the folder where we say so.
    for (const path of [name, `firmware/${name}`]) parts.set(path.toLowerCase(), part)
  }
  for (const { kind, name, sha256, bytes } of record.assets.toReversed())
    if (kind === 'licence' || kind === 'language') parts.set(name.toLowerCase(), { sha256, bytes, contentType: BYTES })
  const place = (kind: 'ringtone' | 'wallpaper', wanted: string | null): string | null => {
    const asset = wanted === null ? undefined : pickVariant(record.assets, kind, wanted, family, model).fitting
    if (!asset) return null
    const { name, format, sha256, bytes } = asset
    const path = `${sha256.slice(0, PREFIX_DIGITS)}/${name}.${format}`
    parts.set(`${kind}/${path}`.toLowerCase(), { sha256, bytes, contentType: TYPES[format] ?? BYTES })
    return path
  }
  const chosen = {
    ringtone: place('ringtone', settings.ringtone),
    wallpaper: place('wallpaper', settings.wallpaper),
  }
  return { resolved: { settings: { ...settings, ...chosen }, origins }, parts }
}
