import { AppError } from '../model/app-error.ts'
import { Secret } from '../model/secret.ts'
import { describeSettings } from './describe-settings.ts'
import { completeKeys, completeLines, type Slot } from './complete-slots.ts'
import { isSecretWord } from './secret-words.ts'
import { DEFAULT_SETTINGS, keySchema, lineSchema, settingsSchema, type Settings } from './settings.ts'
import type { Family, Model } from './family.ts'
import { z } from 'zod'

/** Which part of the set-up a value came from, general to specific. */
export const LAYER_NAMES = ['defaults', 'family', 'model', 'tenant', 'location', 'profile', 'device'] as const
export type LayerName = (typeof LAYER_NAMES)[number]

/** Lines and keys of a layer may be given in part: they are merged by position. */
export const layerSchema = settingsSchema.partial().extend({
  lines: z.array(lineSchema.partial().required({ position: true })).optional(),
  keys: z.array(keySchema.partial().required({ position: true })).optional(),
})
export type LayerSettings = z.infer<typeof layerSchema>
export type Layer = { layer: LayerName; settings: LayerSettings }

/** Path of a setting (`timezone`, `lines.1.label`, `keys.3`, `raw.account.1.nat.udp_update_enable`) to its layer. */
export type Origins = Record<string, LayerName>
export type ResolvedSettings = { settings: Settings; origins: Origins }

const SECRET_NAMES = new Set(
  describeSettings()
    .filter((row) => row.secret)
    .map((row) => row.name.split('.').at(-1)!),
)

/**
 * Checks what a database row, a family file or a form holds as settings of one layer. With `secretsAsText`, plain text
 * at the place of a secret is wrapped first.
 * @throws AppError `input-invalid` naming every faulty setting, never its value
 */
export function readLayer(json: unknown, options?: { secretsAsText: boolean }): LayerSettings {
  const result = layerSchema.safeParse(options?.secretsAsText ? wrapSecrets(json) : json)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new AppError('input-invalid', `Settings are not valid: ${faults.join('; ')}`)
}

/** Plain text at the places of secrets as secrets; nothing is checked. */
export function wrapSecrets(json: unknown, name = ''): unknown {
  if (typeof json === 'string') return SECRET_NAMES.has(name) ? new Secret(json) : json
  if (Array.isArray(json)) return json.map((item) => wrapSecrets(item))
  if (typeof json !== 'object' || json === null || json instanceof Secret) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, name === 'raw' ? wrapRaw(key, value) : wrapSecrets(value, key)]),
  )
}

function wrapRaw(word: string, value: unknown): unknown {
  return typeof value === 'string' && value !== '' && isSecretWord(word) ? new Secret(value) : value
}

/** The layers that a family brings: system defaults, its own, its model's. */
export function baseLayers(family: Family, model: Model): Layer[] {
  return [
    { layer: 'defaults', settings: DEFAULT_SETTINGS },
    { layer: 'family', settings: family.defaults },
    { layer: 'model', settings: model.defaults },
  ]
}

/**
 * Puts layers on top of each other, general to specific: the last one that says something wins; lines and keys are
 * merged by position, `raw` by name. An empty text as a raw value takes the name out.
 * @throws AppError `setting-missing` naming every setting that no layer gives
 */
export function resolveSettings(layers: readonly Layer[]): ResolvedSettings {
  const origins: Origins = {}
  const merged: Record<string, unknown> = {}
  for (const { layer, settings } of layers) {
    for (const [name, value] of Object.entries(settings as Record<string, unknown>)) {
      if (value === undefined) continue
      if (name === 'lines' || name === 'keys') {
        merged[name] = mergeSlots(name, merged[name], value as Slot[], layer, origins)
      } else if (name === 'raw') {
        merged[name] = mergeRaw(merged[name], value as Settings['raw'], layer, origins)
      } else {
        merged[name] = value
        origins[name] = layer
      }
    }
  }
  merged.lines = completeLines((merged.lines ?? []) as Slot[], origins)
  merged.keys = completeKeys((merged.keys ?? []) as Slot[], origins)
  const result = settingsSchema.safeParse(merged)
  if (result.success) return { settings: result.data, origins }
  const missing = result.error.issues.map((issue) => issue.path.join('.'))
  throw new AppError('setting-missing', `Settings are missing or faulty: ${[...new Set(missing)].join(', ')}`)
}

function mergeSlots(list: string, below: unknown, above: Slot[], layer: LayerName, origins: Origins): Slot[] {
  const slots = new Map(((below ?? []) as Slot[]).map((slot) => [slot.position, slot]))
  for (const slot of above) {
    const given = Object.entries(slot).filter(([, value]) => value !== undefined)
    slots.set(slot.position, { ...slots.get(slot.position), ...Object.fromEntries(given) } as Slot)
    for (const [name] of given) origins[`${list}.${slot.position}.${name}`] = layer
  }
  return [...slots.values()].sort((a, b) => a.position - b.position)
}

function mergeRaw(below: unknown, above: Settings['raw'], layer: LayerName, origins: Origins) {
  const merged = { ...(below as Settings['raw'] | undefined), ...above }
  for (const name of Object.keys(above)) origins[`raw.${name}`] = layer
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
}
