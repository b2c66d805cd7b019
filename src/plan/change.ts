import type { Problem } from '../model/problem.ts'
import type { Row } from './row.ts'
import type { TableName } from './tables.ts'

/** What happens to one row. A change is data: it can be stored, shown, applied tomorrow and inverted. */
export type Change = {
  table: TableName
  /** See `rowKey`. */
  key: string
  before: Row | null
  after: Row | null
  /** The row was there before us and becomes ours (`--adopt`), or stops being ours when that is undone. */
  ownership?: 'adopt' | 'disown'
}

export type Verdict = 'new' | 'changed' | 'unchanged' | 'missing' | 'problem'

/** What an import means for one person. Applied as a whole or not at all. */
export type PersonPlan = {
  /** Row of the input, 0 for somebody whom the input does not name. */
  row: number
  /** How a reader recognises the person: name, then extension or e-mail. */
  who: string
  verdict: Verdict
  changes: Change[]
  problems: Problem[]
  /** Rests on what happens to somebody before them, and is written after that. */
  waits?: true
}

export type Verb = 'create' | 'update' | 'delete'

export function verbOf(change: Change): Verb {
  if (!change.before) return 'create'
  return change.after ? 'update' : 'delete'
}

/** The change that takes this one back. */
export function invertChange(change: Change): Change {
  const { table, key, before, after, ownership } = change
  const inverted: Change = { table, key, before: after, after: before }
  if (ownership) inverted.ownership = ownership === 'adopt' ? 'disown' : 'adopt'
  return inverted
}

/**
 * Several changes of one row as one, in the place of the first: what one person gives up, another may take over. What
 * comes to nothing is left out.
 */
export function mergeChanges(changes: Change[]): Change[] {
  const merged = new Map<string, Change>()
  for (const change of changes) {
    const asset = `${change.table}|${change.key}`
    const earlier = merged.get(asset)
    const ownership = change.ownership ?? earlier?.ownership
    merged.set(asset, earlier ? { ...change, before: earlier.before, ...(ownership && { ownership }) } : change)
  }
  return [...merged.values()].filter(({ before, after }) => before !== null || after !== null)
}
