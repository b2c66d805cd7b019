import type { PersonField } from '../model/person.ts'
import type { KnownNames } from './cells.ts'
import type { Choosable } from './choices.ts'
import type { MappedColumn } from './column.ts'
import { normaliseHeader } from './header-name.ts'
import { readCallerNumber, readSuspended } from './state-words.ts'
import type { TableRow } from './table.ts'

/** Field → text as it stands in the file → text as if it stood there: “Vertrieb” means the role Sales, in all rows. */
export type ValueMap = Readonly<Partial<Record<PersonField, Readonly<Record<string, string>>>>>

/** A name that exists at the tenant; one with an id may also be meant by its id, and by what else it is called. */
export type KnownName =
  string | { readonly id: string | number; readonly name: string; readonly also?: readonly string[] | undefined }

/** Names that exist at the tenant. An absent list checks nothing. */
export type KnownEntries = {
  locations?: readonly KnownName[] | undefined
  /** Each with the word of its maker, which may stand before it. */
  models?: readonly Choosable[] | undefined
  roles?: readonly KnownName[] | undefined
  groups?: readonly KnownName[] | undefined
}

const LISTS: readonly (readonly [PersonField, keyof KnownEntries])[] = [
  ['role', 'roles'],
  ['location', 'locations'],
  ['model', 'models'],
  ['groups', 'groups'],
]

/** Reads a text of a column as the text that it means. */
type Translate = (text: string) => string

/** The names alone, for the reader of cells. */
export function listNames({ locations, models, roles }: KnownEntries): KnownNames {
  return { locations: locations?.map(nameOf), models, roles: roles?.map(nameOf) }
}

/** Makes a text comparable: lower case without accents, blanks and punctuation. */
export function normaliseValue(text: string): string {
  const squeezed = text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
  return squeezed === '' ? text.trim().toLowerCase() : squeezed
}

/**
 * Puts the meant text beside every text that has another meaning, in further cells, and points the columns at those:
 * the cells of the file stay as they are. `maps` in order of precedence; ids of `known` come last.
 */
export function translateValues(
  rows: readonly TableRow[],
  columns: readonly MappedColumn[],
  width: number,
  maps: readonly (ValueMap | undefined)[],
  known: KnownEntries,
): { rows: readonly TableRow[]; columns: readonly MappedColumn[] } {
  const translators: { index: number; translate: Translate }[] = []
  const moved = columns.map((column) => {
    const translate = makeTranslate(column, maps, known)
    if (translate === null) return column
    translators.push({ index: column.index, translate })
    return { ...column, index: width + translators.length - 1 }
  })
  if (translators.length === 0) return { rows, columns }
  // Surplus cells are a problem of their own and would stand where the further ones go.
  const translated = rows.map(({ row, cells }) => {
    const own = cells.length === width ? cells : Array.from({ length: width }, (_, index) => cells[index] ?? '')
    return { row, cells: [...own, ...translators.map(({ index, translate }) => translate(own[index] ?? ''))] }
  })
  return { rows: translated, columns: moved }
}

/** Null when every text of the column means itself. */
function makeTranslate(
  column: MappedColumn,
  maps: readonly (ValueMap | undefined)[],
  known: KnownEntries,
): Translate | null {
  const { field, header } = column
  if (field === 'full_name') return null
  const meanings = collectMeanings(field, maps, known)
  const term = normaliseHeader(header)
  const last: Translate | null =
    field === 'suspended' ? (text) => readSuspended(text, term) : field === 'caller_id' ? readCallerNumber : null
  if (meanings.size === 0) return last
  const read = new Map<string, string>()
  function look(text: string): string {
    const meant = meanings.get(normaliseValue(text))
    if (meant !== undefined) return meant
    if (field !== 'groups' && field !== 'tags') return last === null ? text : last(text)
    return text
      .split(/[,;|]/)
      .map((item) => meanings.get(normaliseValue(item)) ?? item)
      .join(',')
  }
  return (text) => {
    const answer = read.get(text) ?? look(text)
    read.set(text, answer)
    return answer
  }
}

function collectMeanings(
  field: PersonField,
  maps: readonly (ValueMap | undefined)[],
  known: KnownEntries,
): Map<string, string> {
  const meanings = new Map<string, string>()
  const list = LISTS.find(([name]) => name === field)?.[1]
  const entries = (list === undefined ? undefined : known[list]) ?? []
  for (const entry of entries)
    if (typeof entry !== 'string' && 'id' in entry)
      for (const text of [...(entry.also ?? []), String(entry.id)]) meanings.set(normaliseValue(text), entry.name)
  // A name that looks like the id of another is a name.
  if (meanings.size > 0) for (const entry of entries) meanings.delete(normaliseValue(nameOf(entry)))
  for (const map of maps.toReversed()) {
    for (const [text, meant] of Object.entries(map?.[field] ?? {})) meanings.set(normaliseValue(text), meant)
  }
  return meanings
}

export function nameOf(entry: KnownName | Choosable): string {
  return typeof entry === 'string' ? entry : entry.name
}
