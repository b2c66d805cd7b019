import type { MappedColumn } from './column.ts'
import { normaliseHeader } from './header-name.ts'
import type { ColumnTarget } from './headers.ts'

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
