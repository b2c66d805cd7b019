import { type Change, verbOf, type Verb } from './change.ts'
import { isSameValue, type Row, type Value } from './row.ts'
import { isAsteriskTable, listColumns, type TableName } from './tables.ts'

/** A change as people may see it: no secret, no internal number; a value before and after where there was one. */
export type DescribedChange = {
  table: TableName
  verb: Verb
  /** Of Asterisk's rows, which have names of their own. */
  key?: string
  fields: Record<string, ShownValue | readonly [before: ShownValue, after: ShownValue]>
}

type ShownValue = string | number | boolean | null

const MASK = '***'

/**
 * Changes without what differs from one planning of the same thing to the next: generated secrets and ids. Two plans that
 * read the same do the same. Of rows that follow from ours only the name is given when they are new.
 */
export function describeChanges(changes: readonly Change[]): DescribedChange[] {
  return changes.map((change) => {
    const { table, key } = change
    const theirs = isAsteriskTable(table)
    return { table, verb: verbOf(change), ...(theirs && { key }), fields: describeFields(change, theirs) }
  })
}

function describeFields({ table, before, after }: Change, theirs: boolean): DescribedChange['fields'] {
  if (!after || (!before && theirs)) return {}
  const shown = shownColumns(table)
  const names = Object.keys(after).filter((name) => shown.has(name))
  const show = (row: Row, name: string): ShownValue => (shown.get(name) ? MASK : (row[name] as ShownValue))
  const filled = (value: Value | undefined) => value !== null && value !== undefined && value !== '[]' && value !== '{}'
  if (!before)
    return Object.fromEntries(names.filter((name) => filled(after[name])).map((name) => [name, show(after, name)]))
  return Object.fromEntries(
    names
      .filter((name) => !isSameValue(after[name], before[name]))
      .map((name) => [name, [show(before, name), show(after, name)]]),
  )
}

const INTERNAL = /^(id|(tenant|user|extension|endpoint|device|group)_id|token(_sha256)?|admin_password)$/

const columnsOf = new Map<TableName, ReadonlyMap<string, boolean>>()

/** Columns that mean something to people, and whether they are secret. */
function shownColumns(table: TableName): ReadonlyMap<string, boolean> {
  const known = columnsOf.get(table)
  if (known) return known
  const columns = new Map(
    listColumns(table)
      .filter(({ name }) => !INTERNAL.test(name))
      .map(({ name, kind }) => [name, kind === 'sealed' || kind === 'secret']),
  )
  columnsOf.set(table, columns)
  return columns
}
