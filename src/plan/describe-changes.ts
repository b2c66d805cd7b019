import { type Change, verbOf, type Verb } from './change.ts'
import { isSameValue, type Value } from './row.ts'
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
  const made: { name: string; id: string }[] = []
  for (const { table, before, after } of changes) {
    const column = NAMED_BY_ID.get(table)
    if (before || !after || column === undefined) continue
    const [name, id] = [after[column], String(after['id'])]
    if (typeof name === 'string' && name.endsWith(`-${id}`)) made.push({ name, id })
  }
  if (made.length === 0) return (value) => value
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
  for (const { name, isSecret } of shown) {
    const value = after[name]
    if (value === undefined) continue
    const show = (shown: Value | undefined) => (isSecret ? MASK : hideId(shown as ShownValue))
    if (before) {
      if (!isSameValue(value, before[name])) fields[name] = [show(before[name]), show(value)]
    } else if (isFilled(value)) fields[name] = show(value)
  }
  return fields
}

function isFilled(value: Value): boolean {
  return value !== null && value !== '[]' && value !== '{}'
}

const INTERNAL = /^(id|(tenant|user|extension|endpoint|device|group)_id|token(_sha256)?|admin_password)$/

type ShownColumn = { name: string; isSecret: boolean }

const columnsOf = new Map<TableName, readonly ShownColumn[]>()

/** Columns that mean something to people, and whether they are secret. */
function shownColumns(table: TableName): readonly ShownColumn[] {
  const known = columnsOf.get(table)
  if (known) return known
  const columns = listColumns(table)
    .filter(({ name }) => !INTERNAL.test(name))
    .map(({ name, kind }) => ({ name, isSecret: kind === 'sealed' || kind === 'secret' }))
  columnsOf.set(table, columns)
  return columns
}
