import type { MappedColumn } from './column.ts'
import { normaliseHeader } from './header-name.ts'
import type { ColumnTarget } from './headers.ts'
import type { TableRow } from './table.ts'

/** Words that mean the whole name alone, and the missing half beside a column with the other half. */
const BARE = new Set(['name', 'nom', 'nombre'])

/** Words that mean the extension alone, and beside a column of extensions the number that is dialled from outside. */
const BARE_NUMBERS = new Set(['number', 'nummer', 'numero'])
const SAMPLE_ROWS = 200
const PUBLIC_NUMBER = /^(?:\+|0)?\d{7,15}$/

/** `Número` beside `Extensión` is the public number, if that is what stands in it. */
export function settleNumbers<T extends MappedColumn>(
  claims: readonly T[],
  taken: ReadonlySet<ColumnTarget>,
  rows: readonly TableRow[] = [],
): T[] {
  const isBare = ({ header }: T): boolean => BARE_NUMBERS.has(normaliseHeader(header))
  const extensions = claims.filter(({ field }) => field === 'extension')
  const bare = extensions.filter(isBare)
  const hasDid = taken.has('did') || claims.some(({ field }) => field === 'did')
  if (bare.length !== 1 || extensions.length !== 2 || hasDid || !holdsPublicNumbers(bare[0]!.index, rows))
    return [...claims]
  return claims.map((column) => (column === bare[0] ? { ...column, field: 'did' } : column))
}

function holdsPublicNumbers(index: number, rows: readonly TableRow[]): boolean {
  const texts = rows.slice(0, SAMPLE_ROWS).map(({ cells }) => (cells[index] ?? '').replaceAll(/[\s()/.-]/g, ''))
  const filled = texts.filter((text) => text !== '')
  return filled.length > 0 && filled.every((text) => PUBLIC_NUMBER.test(text))
}

/**
 * `Name` beside `Vorname` is the last name, `Nombre` beside `Apellidos` the first. Beside first and last name a whole
 * name says nothing new, unless some row has nothing but that, and beside one of them it could contradict: such columns
 * are left out.
 * `taken` are fields that the admin assigned.
 */
export function settleNames<T extends MappedColumn>(
  claims: readonly T[],
  taken: ReadonlySet<ColumnTarget>,
  rows: readonly TableRow[] = [],
): T[] {
  const has = (field: ColumnTarget): boolean => taken.has(field) || claims.some((column) => column.field === field)
  const [first, last] = [has('first_name'), has('last_name')]
  if (!first && !last) return [...claims]
  return claims.flatMap((column) => {
    if (column.field !== 'full_name') return [column]
    if (first && last) return isOnlyName(column, claims, rows) ? [column] : []
    if (!BARE.has(normaliseHeader(column.header))) return []
    return [{ ...column, field: first ? 'last_name' : 'first_name' }]
  })
}

/** True when a whole name is the only one of its kind, and all that is known of somebody's name. */
function isOnlyName(whole: MappedColumn, claims: readonly MappedColumn[], rows: readonly TableRow[]): boolean {
  const halves = claims.filter(({ field }) => field === 'first_name' || field === 'last_name')
  if (halves.length < 2 || claims.some((other) => other !== whole && other.field === 'full_name')) return false
  const isEmpty = ({ cells }: TableRow, { index }: MappedColumn): boolean => (cells[index] ?? '').trim() === ''
  return rows.some((row) => !isEmpty(row, whole) && halves.every((half) => isEmpty(row, half)))
}

/**
 * Columns with nothing in them yield to those that have the same field, or the whole name: exports have columns for
 * everything and fill the ones that are used. Without rows all stay.
 */
export function yieldEmpty<T extends MappedColumn>(claims: readonly T[], rows: readonly TableRow[] = []): T[] {
  if (rows.length === 0) return [...claims]
  const filled = claims.filter(({ index }) => rows.some(({ cells }) => (cells[index] ?? '').trim() !== ''))
  const fields = new Set<ColumnTarget>(filled.map(({ field }) => field))
  if (fields.has('full_name')) for (const half of ['first_name', 'last_name'] as const) fields.add(half)
  return claims.filter((column) => filled.includes(column) || !fields.has(column.field))
}
