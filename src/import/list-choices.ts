import { Fault } from '../model/fault.ts'
import type { PersonField } from '../model/person.ts'
import type { ParseCell } from './cells.ts'
import type { MappedColumn } from './column.ts'
import { nearest } from '../model/nearest.ts'
import type { TableRow } from './table.ts'
import { nameOf, normaliseValue, type KnownEntries } from './value-mapping.ts'

/** A text of the file that names nothing at the tenant, so that somebody says once for all rows what it means. */
export type Choice = {
  field: 'role' | 'location' | 'model' | 'groups'
  /** As it stands in the file, where it stands first. */
  text: string
  /** How many rows say so. */
  rows: number
  /** The name that is probably meant. */
  meant: string | null
}

const MAX_CHOICES = 1000

/**
 * Lists the texts without a meaning, the most frequent first. `columns` and `rows` are those of the file after
 * {@link translateValues}, `sources` the same columns before it.
 */
export function listChoices(
  rows: readonly TableRow[],
  columns: readonly MappedColumn[],
  sources: readonly MappedColumn[],
  parseCell: ParseCell,
  known: KnownEntries,
): Choice[] {
  const choices = columns.flatMap(({ field, index }, place) => {
    const source = sources[place]!.index
    if (field === 'groups') return countGroups(rows, index, known)
    return field === 'role' || field === 'location' || field === 'model'
      ? countUnknown(field, rows, { source, index }, parseCell, namesOf(field, known))
      : []
  })
  return choices.toSorted((left, right) => right.rows - left.rows).slice(0, MAX_CHOICES)
}

function countUnknown(
  field: 'role' | 'location' | 'model',
  rows: readonly TableRow[],
  { source, index }: { source: number; index: number },
  parseCell: ParseCell,
  names: readonly string[],
): Choice[] {
  const counts = new Map<string, { text: string; rows: number }>()
  for (const { cells } of rows) {
    const text = cells[index] ?? ''
    const count = counts.get(text)
    if (count) count.rows += 1
    else counts.set(text, { text: cells[source] ?? '', rows: 1 })
  }
  return [...counts].flatMap(([meant, count]): Choice[] => {
    const fault = parseCell(field, meant)
    if (!(fault instanceof Fault)) return []
    const guess = names.find((name) => name === fault.suggestion) ?? null
    return [{ field, text: count.text.trim(), rows: count.rows, meant: guess }]
  })
}

/** Groups that do not exist are made, so they are choices only where a list of groups is known. */
function countGroups(rows: readonly TableRow[], index: number, { groups }: KnownEntries): Choice[] {
  if (groups === undefined) return []
  const names = new Map(groups.map((entry) => [normaliseValue(nameOf(entry)), nameOf(entry)]))
  const counts = new Map<string, number>()
  for (const { cells } of rows) {
    for (const item of (cells[index] ?? '').split(/[,;|]/).map((part) => part.trim())) {
      if (item !== '' && item !== '-') counts.set(item, (counts.get(item) ?? 0) + 1)
    }
  }
  const unknown = [...counts].filter(([text]) => !names.has(normaliseValue(text))).slice(0, MAX_CHOICES)
  return unknown.map(([text, count], place) => {
    // Guessing costs as much as the list is long.
    const meant = place < 100 ? nearest(normaliseValue(text), names.keys()) : null
    return { field: 'groups', text, rows: count, meant: meant === null ? null : names.get(meant)! }
  })
}

function namesOf(field: PersonField, { roles, locations, models }: KnownEntries): string[] {
  return ((field === 'role' ? roles : field === 'location' ? locations : models) ?? []).map(nameOf)
}
