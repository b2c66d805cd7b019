import type { Media } from '../model/stored-media.ts'
import type { Family, Model } from './family.ts'

/** Sounds that a family's phones play. `audio`: codings and rates of a WAV file; none: any. */
export type RingtoneRule = {
  formats: readonly string[]
  audio: readonly { coding: string; rateHz: number }[]
  maxBytes: number
}

/** Pictures that a family's phones show; their size in pixels is the model's. */
export type WallpaperRule = { formats: readonly string[]; maxBytes: number }

/** Why phones of this family cannot play that sound; null: they can, as far as is known. */
export function refuseRingtone({ displayName, ringtone }: Family, media: Media, bytes: number): string | null {
  if (!ringtone) return `${displayName} phones take no ringtone from a server`
  if (!ringtone.formats.includes(media.format))
    return `${displayName} phones play ${ringtone.formats.join(', ')}, this is ${nameFormat(media)}`
  if (bytes > ringtone.maxBytes) return `${displayName} phones take ${ringtone.maxBytes} bytes, this has ${bytes}`
  const { audio } = media
  if (media.format !== 'wav' || ringtone.audio.length === 0 || !audio) return null
  const fits = ringtone.audio.some(({ coding, rateHz }) => coding === audio.coding && rateHz === audio.rateHz)
  if (fits && audio.channels === 1 && audio.bits === (audio.coding === 'pcm' ? 16 : 8)) return null
  const wanted = ringtone.audio.map(({ coding, rateHz }) => `${nameCoding(coding)} of ${rateHz} Hz`).join(' or ')
  return `${displayName} phones play mono ${wanted}; this is ${describeAudio(audio)}`
}

/** Why this model, or every model of the family, cannot show that picture; null: it can, as far as is known. */
export function refuseWallpaper(family: Family, model: Model | null, media: Media, bytes: number): string | null {
  const { wallpaper, displayName } = family
  if (!wallpaper) return `${displayName} phones take no wallpaper from a server`
  if (model && !model.wallpaper) return `${model.name} shows no wallpaper`
  if (!wallpaper.formats.includes(media.format))
    return `${displayName} phones show ${wallpaper.formats.join(', ')}, this is ${nameFormat(media)}`
  if (bytes > wallpaper.maxBytes) return `${displayName} phones take ${wallpaper.maxBytes} bytes, this has ${bytes}`
  const { size } = media
  if (!model?.wallpaper || !size) return null
  const { width, height } = model.wallpaper
  if (size.width <= width && size.height <= height) return null
  return `${model.name} shows ${width}x${height}, this has ${size.width}x${size.height}`
}

function nameFormat({ format }: Media): string {
  return format === 'other' ? 'something else' : format
}

function nameCoding(coding: string): string {
  return coding === 'pcm' ? '16-bit PCM' : coding
}

function describeAudio({ coding, rateHz, bits, channels }: NonNullable<Media['audio']>): string {
  return `${coding} of ${rateHz} Hz, ${bits} bits, ${channels} channel${channels === 1 ? '' : 's'}`
}

/** A stored ringtone or wallpaper, or another kind of file that is passed over. */
export type StoredVariant = {
  kind: string
  name: string
  bytes: number
  format: Media['format']
  width: number | null
  height: number | null
  audio: Media['audio']
}

/**
 * The first variant of that name which phones of the model can use; else why they cannot use the last one.
 * @param variants those for the model first, then those for its family, then those for everybody
 */
export function pickVariant<V extends StoredVariant>(
  variants: readonly V[],
  kind: 'ringtone' | 'wallpaper',
  name: string,
  family: Family,
  model: Model,
): { fitting: V | null; reason: string | null } {
  let reason: string | null = null
  for (const variant of variants) {
    if (variant.kind !== kind || variant.name.toLowerCase() !== name.toLowerCase()) continue
    const { format, width, height, bytes, audio } = variant
    const size = width === null || height === null ? null : { width, height }
    const media = { format, size, audio }
    reason = kind === 'ringtone' ? refuseRingtone(family, media, bytes) : refuseWallpaper(family, model, media, bytes)
    if (reason === null) return { fitting: variant, reason }
  }
  return { fitting: null, reason }
}
