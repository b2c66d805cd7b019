import type { Family } from '../phones/family.ts'

/** The Event header by which each family's phones are told to fetch again; those that cannot be told are not in it. */
export function listResyncEvents(families: readonly Family[]): Map<string, string> {
  return new Map(families.flatMap(({ name, resync }) => (resync ? [[name, resync.event] as const] : [])))
}
