/** A line or key as layers say it, in part or whole. */
export type Slot = { position: number } & Record<string, unknown>
type Origins = Record<string, unknown>

/** What a key is unless it says otherwise. */
const PLAIN_KEY = { value: null, label: null, line: 1 }

/**
 * Leaves out lines that somebody said something about and that have no account: a site may say how the second line of its
 * phones is to be, and most have but one. Their paths leave `origins`. An account is called as its user unless somebody says
 * otherwise.
 */
export function completeLines(lines: readonly Slot[], origins: Origins): Slot[] {
  return drop('lines', 'user', lines, origins).map((line) => ({
    ...{ label: line['user'], displayName: line['user'], authUser: line['user'] },
    ...line,
  }))
}

/** Leaves out keys that nobody said a kind of, and completes the others. Paths of what is left out leave `origins`. */
export function completeKeys(keys: readonly Slot[], origins: Origins): Slot[] {
  return drop('keys', 'kind', keys, origins).map((key) => ({ ...PLAIN_KEY, ...key }))
}

function drop(list: string, needed: string, slots: readonly Slot[], origins: Origins): Slot[] {
  const bare = slots.filter((slot) => slot[needed] === undefined)
  if (bare.length === 0) return [...slots]
  for (const { position } of bare)
    for (const path of Object.keys(origins))
      if (path.startsWith(`${list}.${position}.`)) Reflect.deleteProperty(origins, path)
  return slots.filter((slot) => slot[needed] !== undefined)
}
