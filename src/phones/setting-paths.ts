import { z } from 'zod'
import { nearest } from '../model/nearest.ts'
import { describeSettings, readMeta } from './describe-settings.ts'
import { isPlainLine } from './formats/format.ts'
import { layerSchema } from './layers.ts'
import { isSecretWord } from './secret-words.ts'
import { keySchema, lineSchema, settingsSchema } from './settings.ts'

/**
 * Where a setting stands in a layer: `timezone`, all of `lines`, `keys` or `raw`, the slot `keys.3`, a part of it
 * (`lines.2.transport`), a word of a vendor (`raw.account.1.nat.rport`).
 */
export type SettingPath =
  | { kind: 'whole'; name: string }
  | { kind: 'slot'; list: 'lines' | 'keys'; position: number; part: string | null }
  | { kind: 'raw'; word: string }

/** What is said of a setting somewhere else, and where. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  provisioningUrl: 'It is made of OFFHOOK_PHONES_URL and the address of each phone',
  firmware: 'Say it with: offhook firmware rollout, offhook firmware pin',
}
const SLOT = /^(lines|keys)\.([1-9]\d{0,2})(?:\.(\w+))?$/
const PARTS: Record<'lines' | 'keys', Record<string, z.ZodType>> = {
  lines: withoutPosition(lineSchema.shape),
  keys: withoutPosition(keySchema.shape),
}

/** Null: no setting has that path; {@link explainPath} says why. */
export function readPath(text: string): SettingPath | null {
  if (Object.hasOwn(ELSEWHERE, text)) return null
  if (Object.hasOwn(settingsSchema.shape, text)) return { kind: 'whole', name: text }
  const [, list, position, part] = SLOT.exec(text) ?? []
  if (list === 'lines' || list === 'keys')
    return part === undefined || Object.hasOwn(PARTS[list], part)
      ? { kind: 'slot', list, position: Number(position), part: part ?? null }
      : null
  const word = text.startsWith('raw.') ? text.slice('raw.'.length) : ''
  return word !== '' && word.length <= 512 && isPlainLine(word) ? { kind: 'raw', word } : null
}

/** Why {@link readPath} knows no such path, and the cure. */
export function explainPath(text: string): string {
  if (Object.hasOwn(ELSEWHERE, text)) return `${text} is not set here. ${ELSEWHERE[text]}`
  const [, list, , part] = SLOT.exec(text) ?? []
  const names =
    list === undefined
      ? [...Object.keys(settingsSchema.shape), 'lines.1', 'keys.1', 'raw.NAME']
      : Object.keys(PARTS[list as 'lines' | 'keys'])
  const wanted = part ?? text
  const meant = nearest(wanted, names) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase())
  const cure = meant === undefined ? 'All there are: offhook settings words' : `Did you mean ${meant}?`
  return `There is no setting ${text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80)}. ${cure}`
}

/** Whether what stands there is a password or a key. */
export function isSecretPath(path: SettingPath): boolean {
  if (path.kind === 'raw') return isSecretWord(path.word)
  if (path.kind === 'slot') return path.part !== null && SECRETS.has(`${path.list}.${path.part}`)
  return SECRETS.has(path.name)
}

/** What a value at that path must be. */
export function schemaOf(path: SettingPath): z.ZodType {
  if (path.kind === 'raw') return settingsSchema.shape.raw.valueType
  if (path.kind === 'slot') return path.part === null ? slotOf(path.list) : PARTS[path.list][path.part]!
  return (layerSchema.shape as Record<string, z.ZodType>)[path.name]!
}

/** How that is told to people: `1..4094 | null`, and what it is for. */
export function describePath(path: SettingPath): { type: string; meaning: string } {
  if (path.kind === 'raw') return { type: 'text', meaning: 'A setting in the words of the vendor' }
  if (path.kind === 'slot' && path.part === null)
    return { type: `object of ${Object.keys(PARTS[path.list]).join(', ')}`, meaning: 'A slot of the phone' }
  return readMeta(schemaOf(path))
}

/**
 * A value as it is typed: JSON where that fits the setting, else text, else words between commas. What fits in no way
 * comes as JSON, or as the text that it is.
 */
export function readWord(path: SettingPath, typed: string): unknown {
  const json = readJson(typed)
  if (path.kind === 'raw') return typeof json === 'string' ? json : typed
  const schema = schemaOf(path)
  const readings = [...(json === undefined ? [] : [json]), typed, typed.split(',').map((word) => word.trim())]
  return readings.find((value) => schema.safeParse(value).success) ?? (json === undefined ? typed : json)
}

const SECRETS = new Set(
  describeSettings()
    .filter(({ secret }) => secret)
    .map(({ name }) => name),
)

function slotOf(list: 'lines' | 'keys'): z.ZodType {
  return z.strictObject(PARTS[list]).partial()
}

function withoutPosition(shape: Record<string, z.ZodType>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => name !== 'position'))
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined // a word such as Europe/Berlin needs no quotation marks on a command line
  }
}
