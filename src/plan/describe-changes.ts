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
  const hideId = makeHideId(changes)
  return changes.map((change) => {
    const { table, key } = change
    const theirs = isAsteriskTable(table)
    const fields = describeFields(change, theirs, hideId)
    const verb = verbOf(change)
    return theirs ? { table, verb, key: String(hideId(key)), fields } : { table, verb, fields }
  })
}

type Hide = (value: ShownValue) => ShownValue

/** Names that the id makes unique: of softphones, and of mailboxes and user names that are spent; others refer to them. */
const NAMED_BY_ID = new Map<TableName, string>([
  ['offhook.users', 'username'],
  ['offhook.mailboxes', 'number'],
  ['offhook.devices', 'name'],
])

function makeHideId(changes: readonly Change[]): Hide {
  const made = changes.flatMap(({ table, before, after }) => {
    const name = after?.[NAMED_BY_ID.get(table) ?? '']
    const id = String(after?.['id'])
    return !before && typeof name === 'string' && name.endsWith(`-${id}`) ? [{ name, id }] : []
  })
  // The longest first: a softphone's name begins with its owner's.
  made.sort((one, other) => other.name.length - one.name.length)
  return (value) =>
    typeof value === 'string'
      ? made.reduce((text, { name, id }) => text.replaceAll(name, `${name.slice(0, -id.length)}…`), value)
      : value
}

function describeFields({ table, before, after }: Change, theirs: boolean, hideId: Hide): DescribedChange['fields'] {
  if (!after || (!before && theirs)) return {}
  const shown = shownColumns(table)
  const fields: DescribedChange['fields'] = {}
  for (const name in after) {
    const isSecret = shown.get(name)
    if (isSecret === undefined) continue
    const show = (row: Row) => (isSecret ? MASK : hideId(row[name] as ShownValue))
    if (before) {
      if (!isSameValue(after[name], before[name])) fields[name] = [show(before), show(after)]
    } else if (isFilled(after[name])) fields[name] = show(after)
  }
  return fields
}

function isFilled(value: Value | undefined): boolean {
  return value !== null && value !== undefined && value !== '[]' && value !== '{}'
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
