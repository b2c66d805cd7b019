import {
  insertChanges,
  readChangesOf,
  readLastFirst,
  type WrittenPerson as SealedPerson,
} from '../db/import-changes.ts'
import type { Queryable } from '../db/pool.ts'
import { Secret } from '../model/secret.ts'
import type { Change, PersonPlan, Verdict } from '../plan/change.ts'
import type { Row, Value } from '../plan/row.ts'
import { isAsteriskTable, listColumns, rowKey, TABLE_NAMES, type TableName, tableSpec } from '../plan/tables.ts'
import type { Vault } from '../secrets/vault.ts'

/** People per statement: few enough that their text does not add up in memory. */
const BATCH_PEOPLE = 100
/** People whose changes are in memory at once when they are read back. */
export const PAGE_PEOPLE = 500

type StoredValue = Exclude<Value, Secret> | { secret: number }
type StoredRow = Record<string, StoredValue>
type StoredChange = Pick<Change, 'table' | 'ownership'> & { before?: StoredRow; after?: StoredRow }

/** What an import wrote for one person. */
export type WrittenPerson = Pick<PersonPlan, 'row' | 'who' | 'verdict' | 'changes'>

/** Stores what is being written, secrets sealed, so that it can be taken back. All is sent before anything is awaited. */
export async function storeChanges(
  client: Queryable,
  tenant: { id: number; slug: string },
  importId: number,
  people: PersonPlan[],
  vault: Vault,
): Promise<void> {
  const insert = (batch: PersonPlan[]) => {
    const rows = batch.map((person) => serialise(person, vault, placeOf(tenant.slug, importId, person.row)))
    return insertChanges(client, tenant.id, importId, rows)
  }
  const sent: Promise<void>[] = []
  for (let at = 0; at < people.length; at += BATCH_PEOPLE) sent.push(insert(people.slice(at, at + BATCH_PEOPLE)))
  await Promise.all(sent)
}

/** An import whose changes are read back. */
export type WrittenImport = { client: Queryable; tenant: { slug: string }; importId: number; vault: Vault }

/** Pages of what it wrote, last first. */
export async function* loadLastFirst(written: WrittenImport): AsyncGenerator<WrittenPerson[]> {
  for await (const page of readLastFirst(written.client, written.importId, PAGE_PEOPLE))
    yield page.map((row) => open(row, written))
}

/** What it wrote for these rows, last first. */
export async function loadRows(written: WrittenImport, rows: readonly number[]): Promise<WrittenPerson[]> {
  const found = await readChangesOf(written.client, written.importId, rows)
  return found.map((row) => open(row, written))
}

function open(row: SealedPerson, { tenant, importId, vault }: WrittenImport): WrittenPerson {
  return parse(row, vault, placeOf(tenant.slug, importId, row.row))
}

/** Sealed under the name that the table had before sql/0008_imports.sql, so that older imports can still be undone. */
function placeOf(slug: string, importId: number, row: number) {
  return { tenant: slug, table: 'offhook.import_rows', row: `${importId}/${row}`, column: 'secrets' }
}

function serialise(person: PersonPlan, vault: Vault, place: ReturnType<typeof placeOf>): SealedPerson {
  const secrets: string[] = []
  const hide = (row: Row) => hideSecrets(row, secrets)
  const changes = person.changes.map(({ table, before, after, ownership }): StoredChange => ({
    table,
    ...(before && { before: hide(before) }),
    ...(after && { after: hide(before ? after : toKept(table, after)) }),
    ...(ownership && { ownership }),
  }))
  return {
    row: person.row,
    verdict: person.verdict,
    who: person.who,
    user_id: userIdOf(person),
    changes: JSON.stringify(changes),
    secrets: secrets.length === 0 ? null : vault.seal(new Secret(JSON.stringify(secrets)), place),
  }
}

/** Of a row that was made for Asterisk its key: it follows from ours, so by ours an undo tells what was edited since. */
function toKept(table: TableName, made: Row): Row {
  return isAsteriskTable(table)
    ? Object.fromEntries(tableSpec(table).key.map((column) => [column, made[column]!]))
    : made
}

function userIdOf({ changes }: PersonPlan): number | null {
  const user = changes.find(({ table }) => table === 'offhook.users')
  return user ? Number(user.key) : null
}

/** Most rows hold none and are not copied. */
function hideSecrets(row: Row, secrets: string[]): StoredRow {
  let hidden: StoredRow | null = null
  for (const column in row) {
    const value = row[column]
    if (value instanceof Secret)
      (hidden ??= { ...row } as StoredRow)[column] = { secret: secrets.push(value.reveal()) - 1 }
  }
  return hidden ?? (row as StoredRow)
}

function parse(stored: SealedPerson, vault: Vault, place: ReturnType<typeof placeOf>): WrittenPerson {
  const secrets = stored.secrets ? (JSON.parse(vault.open(stored.secrets, place).reveal()) as string[]) : []
  const open = (value: StoredValue): Value =>
    typeof value === 'object' && value !== null ? new Secret(secrets[value.secret]!) : value
  const show = (table: TableName, row: StoredRow | undefined) => (row ? openColumns(row, table, open) : null)
  const changes = (JSON.parse(stored.changes) as StoredChange[]).map(({ table, before, after, ownership }) => ({
    ...{ table, key: rowKey(table, (after ?? before) as Row), before: show(table, before), after: show(table, after) },
    ...(ownership && { ownership }),
  }))
  return { row: stored.row, who: stored.who, verdict: stored.verdict as Verdict, changes }
}

/** A column that a migration has taken away since is no difference. */
function openColumns(row: StoredRow, table: TableName, open: (value: StoredValue) => Value): Row {
  const columns = COLUMNS.get(table)
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) => (columns?.has(column) ? [[column, open(value)]] : [])),
  )
}

const COLUMNS = new Map(TABLE_NAMES.map((table) => [table, new Set(listColumns(table).map(({ name }) => name))]))
