import { Secret } from '../model/secret.ts'
import { isSecretPath, type SettingPath } from './setting-paths.ts'

/**
 * What somebody says at a path, with text at the places of secrets as secrets. `{ "secret": TEXT }` makes one wherever a
 * secret may stand: of a vendor's own word nobody can tell by its name.
 */
export function wrapAt(path: SettingPath, value: unknown): unknown {
  if (value instanceof Secret) return value
  if (isMarked(value)) return new Secret(value.secret)
  if (typeof value === 'string') return value !== '' && isSecretPath(path) ? new Secret(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (path.kind === 'whole' && path.name === 'raw')
    return mapMembers(value, (word, each) => wrapAt({ kind: 'raw', word }, each))
  if (path.kind === 'whole' && (path.name === 'lines' || path.name === 'keys') && Array.isArray(value)) {
    const slot: SettingPath = { kind: 'slot', list: path.name, position: 1, part: null }
    return value.map((each) => wrapAt(slot, each))
  }
  if (path.kind === 'slot' && path.part === null)
    return mapMembers(value, (part, each) => wrapAt({ ...path, part }, each))
  return value
}

function isMarked(value: unknown): value is { secret: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).join() === 'secret' &&
    typeof (value as { secret: unknown }).secret === 'string'
  )
}

function mapMembers(value: object, change: (name: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(name, each)]))
}
