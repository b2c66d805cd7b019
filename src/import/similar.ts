import type { FreeColumn, MappedColumn } from './column.ts'
import { HEADER_TERMS, type ColumnTarget } from './headers.ts'
import { allowedDistance, editDistance } from '../model/nearest.ts'

/**
 * Maps misspelt column names: at most two typing errors away from names of exactly one field, which no other column
 * has (`taken`) or could have. Names near to something that is known not to be ours stay unknown.
 */
export function matchSimilar(columns: readonly FreeColumn[], taken: ReadonlySet<ColumnTarget>): MappedColumn[] {
  const found = columns.flatMap(({ header, index, term }): MappedColumn[] => {
    const field = nearestTarget(term)
    return field === null || taken.has(field) ? [] : [{ header, index, field, by: 'similar' }]
  })
  return found.filter((column) => found.every((other) => other === column || other.field !== column.field))
}

function nearestTarget(name: string): ColumnTarget | null {
  const limit = allowedDistance(name.length)
  let bestDistance = limit + 1
  let targets = new Set<ColumnTarget | null>()
  for (const [term, target] of HEADER_TERMS) {
    const distance = limit === 0 ? 1 : editDistance(name, term, limit)
    if (distance < bestDistance) {
      bestDistance = distance
      targets = new Set([target])
    } else if (distance === bestDistance) targets.add(target)
  }
  return bestDistance <= limit && targets.size === 1 ? [...targets][0]! : null
}
