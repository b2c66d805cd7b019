import { Secret } from '../model/secret.ts'
import type { SecretPlace, Vault } from './vault.ts'

// Settings of phones are stored as JSON. What is secret among them stands there sealed, each at a place of its own, so
// that it can be moved neither to another row nor to another setting.

type SettingsPlace = Omit<SecretPlace, 'column'>
type Settings = Readonly<Record<string, unknown>>
type SealedSetting = { sealed: string }

/** As they are stored: `{ "sealed": HEX }` for every `Secret`. */
export function sealSettings(vault: Vault, place: SettingsPlace, settings: Settings): Settings {
  return mapSettings(settings, (name, value) =>
    value instanceof Secret ? { sealed: vault.seal(value, placeOf(place, name)).toString('hex') } : value,
  )
}

/** @throws AppError `key-wrong` */
export function openSettings(vault: Vault, place: SettingsPlace, stored: Settings): Settings {
  return mapSettings(stored, (name, value) =>
    isSealed(value) ? vault.open(Buffer.from(value.sealed, 'hex'), placeOf(place, name)) : value,
  )
}

/** For people to look at. */
export function hideSettings(stored: Settings): Settings {
  return mapSettings(stored, (_, value) => (isSealed(value) ? '***' : value))
}

export function isSealed(value: unknown): value is SealedSetting {
  return typeof value === 'object' && value !== null && 'sealed' in value && typeof value.sealed === 'string'
}

function mapSettings(settings: Settings, change: (name: string, value: unknown) => unknown): Settings {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, change(name, value)]))
}

function placeOf(place: SettingsPlace, name: string): SecretPlace {
  return { ...place, column: `settings.${name}` }
}
