import { Secret } from '../model/secret.ts'
import type { Slot } from './complete-slots.ts'
import type { LayerSettings } from './layers.ts'
import { describePath, explainPath, readPath, schemaOf, type SettingPath } from './setting-paths.ts'
import { wrapAt } from './wrap-secrets.ts'

/** By path, as in {@link SettingPath}: what to say there, and what to say no more. */
export type SettingChanges = {
  set?: Readonly<Record<string, unknown>> | undefined
  unset?: readonly string[] | undefined
}

type Draft = Record<string, unknown>

/** What is shown in the place of a secret, so that what was read is not written back as one. */
const MASK = '***'

/**
 * A layer with changes made to it. `faults` says in words what cannot be set, each with the cure and never with a value;
 * with any, the layer is of no use.
 */
export function changeLayer(
  layer: LayerSettings,
  { set = {}, unset = [] }: SettingChanges,
): { layer: LayerSettings; faults: string[] } {
  const draft: Draft = { ...layer }
  const faults: string[] = []
  for (const text of unset) {
    const path = readPath(text)
    if (path) takeOut(draft, path)
    else faults.push(explainPath(text))
  }
  for (const [text, value] of Object.entries(set)) {
    const path = readPath(text)
    if (!path) faults.push(explainPath(text))
    else if (unset.includes(text)) faults.push(`${text} is either set or unset`)
    else {
      const wrapped = wrapAt(path, value)
      const fault = findFault(text, path, wrapped)
      if (fault === null) put(draft, path, wrapped)
      else faults.push(fault)
    }
  }
  return { layer: draft, faults: [...faults, ...findHalfAccounts(draft)] }
}

/** Each setting of a layer by its path; positions are in the paths. */
export function flattenLayer(layer: LayerSettings): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(layer as Draft)) {
    if (name === 'raw') for (const [word, each] of Object.entries(value as Draft)) flat[`raw.${word}`] = each
    else if (name === 'lines' || name === 'keys')
      for (const { position, ...parts } of value as Slot[])
        for (const [part, each] of Object.entries(parts)) flat[`${name}.${position}.${part}`] = each
    else flat[name] = value
  }
  return flat
}

function findFault(text: string, path: SettingPath, value: unknown): string | null {
  const { type, meaning } = describePath(path)
  if (value instanceof Secret && value.reveal() === MASK)
    return `${text} is shown as ${MASK}, which is not the secret itself: say it anew or leave it out`
  const result = schemaOf(path).safeParse(value)
  if (result.success) return null
  const why = [...new Set(result.error.issues.map(({ path: at, message }) => [...at, message].join(' ')))].join(', ')
  return `${text} takes ${type}, and this ${kindOf(value)} does not fit (${why}). ${meaning}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value instanceof Secret) return 'secret'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'string' ? 'text' : typeof value
}

function put(draft: Draft, path: SettingPath, value: unknown): void {
  if (path.kind === 'whole') draft[path.name] = value
  else if (path.kind === 'raw') draft['raw'] = { ...(draft['raw'] as Draft | undefined), [path.word]: value }
  else {
    const slots = (draft[path.list] ?? []) as Slot[]
    const { position, part } = path
    const current = slots.find((slot) => slot.position === position) ?? { position }
    const next = part === null ? { ...(value as object), position } : { ...current, [part]: value }
    const others = slots.filter((slot) => slot.position !== position)
    draft[path.list] = [...others, next as Slot].sort((a, b) => a.position - b.position)
  }
}

function takeOut(draft: Draft, path: SettingPath): void {
  if (path.kind === 'whole') Reflect.deleteProperty(draft, path.name)
  else if (path.kind === 'raw') {
    const words = Object.entries((draft['raw'] ?? {}) as Draft).filter(([word]) => word !== path.word)
    keep(draft, 'raw', words.length > 0 ? Object.fromEntries(words) : undefined)
  } else {
    const { list, position, part } = path
    const slots = ((draft[list] ?? []) as Slot[]).flatMap((slot) => {
      if (slot.position !== position) return [slot]
      const rest = Object.entries(slot).filter(([name]) => part !== null && name !== part)
      return rest.length > 1 ? [Object.fromEntries(rest)] : []
    })
    keep(draft, list, slots.length > 0 ? slots : undefined)
  }
}

function keep(draft: Draft, name: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(draft, name)
  else draft[name] = value
}

/** An account that is half said would leave the phone without any file. */
function findHalfAccounts(draft: Draft): string[] {
  return ((draft['lines'] ?? []) as Slot[])
    .filter((line) => (line['user'] === undefined) !== (line['password'] === undefined))
    .map(
      ({ position }) =>
        `lines.${position} has an account of its own only with both lines.${position}.user and .password`,
    )
}
