import type { MappedColumn } from './column.ts'
import { normaliseHeader } from './header-name.ts'
import type { ColumnTarget } from './headers.ts'
import type { TableRow } from './table.ts'

/** Words that mean the whole name alone, and the missing half beside a column with the other half. */
const BARE = new Set(['name', 'nom', 'nombre'])

/**
 * `Name` beside `Vorname` is the last name, `Nombre` beside `Apellidos` the first. Beside first and last name a whole
 * name says nothing new, and beside one of them it could contradict: such columns are left out.
 * `taken` are fields that the admin assigned.
 */
export function settleNames<T extends MappedColumn>(claims: readonly T[], taken: ReadonlySet<ColumnTarget>): T[] {
  const has = (field: ColumnTarget): boolean => taken.has(field) || claims.some((column) => column.field === field)
  const [first, last] = [has('first_name'), has('last_name')]
  if (!first && !last) return [...claims]
  return claims.flatMap((column) => {
    if (column.field !== 'full_name') return [column]
    if ((first && last) || !BARE.has(normaliseHeader(column.header))) return []
    return [{ ...column, field: first ? 'last_name' : 'first_name' }]
  })
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
