import { Secret } from '../model/secret.ts'
import type { SecretPlace, Vault } from './vault.ts'

// Settings of phones are stored as JSON. What is secret among them stands there sealed, each at a place of its own, so
// that it can be moved neither to another row nor to another setting.

type SettingsPlace = Omit<SecretPlace, 'column'>
type Settings = Readonly<Record<string, unknown>>
type SealedSetting = { sealed: string }

/** As they are stored: `{ "sealed": HEX }` for every `Secret`, those of lines and of vendors' words included. */
export function sealSettings(vault: Vault, place: SettingsPlace, settings: Settings): Settings {
  return mapMembers(settings, '', (path, value) =>
    value instanceof Secret ? { sealed: vault.seal(value, placeOf(place, path)).toString('hex') } : value,
  )
}

/** @throws AppError `key-wrong` */
export function openSettings(vault: Vault, place: SettingsPlace, stored: Settings): Settings {
  return mapMembers(stored, '', (path, value) =>
    isSealed(value) ? vault.open(Buffer.from(value.sealed, 'hex'), placeOf(place, path)) : value,
  )
}

/** For people to look at. */
export function hideSettings(stored: Settings): Settings {
  return mapMembers(stored, '', (_, value) => (isSealed(value) ? '***' : value))
}

export function isSealed(value: unknown): value is SealedSetting {
  return typeof value === 'object' && value !== null && 'sealed' in value && typeof value.sealed === 'string'
}

type Change = (path: string, value: unknown) => unknown

function mapMembers(settings: object, path: string, change: Change): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      mapValue(value, path === '' ? name : `${path}.${name}`, change),
    ]),
  )
}

/** Slots of a list go by their position: a key that is added before another one moves no secret. */
function mapValue(value: unknown, path: string, change: Change): unknown {
  const changed = change(path, value)
  if (changed !== value || typeof value !== 'object' || value === null || value instanceof Secret) return changed
  if (!Array.isArray(value)) return mapMembers(value, path, change)
  return value.map((item: unknown, at) =>
    typeof item === 'object' && item !== null ? mapValue(item, `${path}.${positionOf(item) ?? at}`, change) : item,
  )
}

function positionOf(item: object): number | null {
  return 'position' in item && typeof item.position === 'number' ? item.position : null
}

function placeOf(place: SettingsPlace, path: string): SecretPlace {
  return { ...place, column: `settings.${path}` }
}
