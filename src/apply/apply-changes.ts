import { toArrayLiteral } from '../db/array-literal.ts'
import type { Queryable } from '../db/pool.ts'
import { type Change, mergeChanges, verbOf, type Verb } from '../plan/change.ts'
import { isSameRow, isSameValue, type Row } from '../plan/row.ts'
import {
  columnsWrittenByOthers,
  isAsteriskTable,
  ledgerTable,
  rowKey,
  TABLE_NAMES,
  type TableName,
  tableSpec,
} from '../plan/tables.ts'
import type { RowCodec } from './column-codec.ts'
import { type ColumnTypes, readColumnTypes } from './column-types.ts'
import { readRows } from './read-rows.ts'
import { deleteRows, insertRows, staleBecause, updateRows } from './write-rows.ts'

/**
 * Writes changes inside the caller's transaction: creates from parents to children, then updates, then deletes from
 * children to parents. What the plan saw must still be there.
 * @throws AppError `plan-stale`
 */
export async function applyChanges(
  client: Queryable,
  planned: Change[],
  tenantId: number,
  codec: RowCodec,
): Promise<void> {
  const { done } = await sendChanges(client, planned, tenantId, codec)
  await done
}

/**
 * As {@link applyChanges}, but comes back as soon as everything is sent, when all that is written is new; `done` ends or
 * fails with the writing. Meanwhile there is time to work out what is written next. `known`: columns, if they are read.
 */
export async function sendChanges(
  client: Queryable,
  planned: Change[],
  tenantId: number,
  codec: RowCodec,
  known?: ColumnTypes,
): Promise<{ done: Promise<unknown> }> {
  const changes = mergeChanges(planned)
  await client.query('set constraints all deferred') // two people may swap a number within one plan
  const types = known ?? (await readColumnTypes(client))
  const sorted = Map.groupBy(changes, (change) => `${verbOf(change)} ${change.table}`)
  const of = (table: TableName, verb: Verb) => sorted.get(`${verb} ${table}`) ?? []
  for (const table of TABLE_NAMES) await compareWithPlan(client, table, changes, codec, types)
  const created = TABLE_NAMES.map((table) => {
    const rows = of(table, 'create').map((change) => change.after!)
    return rows.length > 0 ? insertRows(client, table, rows, codec, types) : null
  })
  const owned = recordOwnership(client, changes, tenantId)
  const written = Promise.all([...created, owned])
  if (changes.every(({ before }) => before === null)) return { done: written }
  await written
  for (const table of TABLE_NAMES) await updateRows(client, table, of(table, 'update').map(toWritten), codec, types)
  for (const table of TABLE_NAMES.toReversed()) {
    const rows = of(table, 'delete').map((change) => change.before!)
    if (rows.length > 0) await deleteRows(client, table, rows, types)
  }
  await unregister(client, [
    ...of('asterisk.ps_endpoints', 'delete').map(({ key }) => key),
    ...of('asterisk.ps_auths', 'update')
      .filter(hasNewPassword)
      .map(({ key }) => key),
  ])
  return { done: written }
}

/** Only what differs is written: what others changed in the same row meanwhile stays. */
function toWritten({ table, before, after }: Change): Row {
  const key = tableSpec(table).key
  return Object.fromEntries(
    Object.entries(after!).filter(([name]) => key.includes(name) || !isSameRow({ [name]: after![name]! }, before!)),
  )
}

/** Locks the rows that the plan updates or deletes, and compares them with what it was made from. */
async function compareWithPlan(
  client: Queryable,
  table: TableName,
  changes: Change[],
  codec: RowCodec,
  types: ColumnTypes,
): Promise<void> {
  const touched = changes.filter((change) => change.table === table && change.before)
  if (touched.length === 0) return
  const { key } = tableSpec(table)
  const columns = key.map((name) => `t."${name}"`).join(', ')
  // As the types that they have: rows are looked up by their key, however large the table is.
  const arrays = key.map((name, at) => `$${at + 1}::${types.get(table)!.get(name)!}[]`).join(', ')
  const keys = key.map((name) => touched.map(({ before }) => before![name]))
  const rows = await readRows(
    client,
    table,
    `(${columns}) in (select * from unnest(${arrays})) for update`,
    keys,
    codec,
  )
  const there = new Map(rows.map((row) => [rowKey(table, row), row]))
  for (const { key: at, before } of touched) {
    const row = there.get(at)
    if (!row) throw staleBecause(`${table} ${at} is gone`)
    if (!isSameRow(before!, row, columnsWrittenByOthers(table))) throw staleBecause(`${table} ${at} was changed`)
  }
}

async function recordOwnership(client: Queryable, changes: Change[], tenantId: number): Promise<void> {
  const theirs = changes.filter(({ table }) => isAsteriskTable(table) && ledgerTable(table) === table)
  const gained = theirs.filter((change) => !change.before || change.ownership === 'adopt')
  const lost = theirs.filter((change) => !change.after || change.ownership === 'disown')
  if (lost.length > 0)
    await client.query(
      'delete from owned_rows using unnest($1::text[], $2::text[]) as v(t, k) where table_name = v.t and row_key = v.k',
      [toArrayLiteral(lost.map(({ table }) => table)), toArrayLiteral(lost.map(({ key }) => key))],
    )
  if (gained.length > 0)
    await client.query(
      'insert into owned_rows (tenant_id, table_name, row_key) select $1, t, k from unnest($2::text[], $3::text[]) as v(t, k) on conflict do nothing',
      [tenantId, toArrayLiteral(gained.map(({ table }) => table)), toArrayLiteral(gained.map(({ key }) => key))],
    )
}

function hasNewPassword({ before, after }: Change): boolean {
  const columns = ['password_digest', 'md5_cred'] as const
  return columns.some((column) => column in after! && !isSameValue(after![column], before![column]))
}

/**
 * Ends the registrations of accounts that are gone or somebody else's now. An expired contact is what makes Asterisk
 * forget a phone, tell the others and stop probing it (res_pjsip_registrar.c).
 */
async function unregister(client: Queryable, endpoints: string[]): Promise<void> {
  if (endpoints.length === 0) return
  await client.query('update asterisk.ps_contacts set expiration_time = 1 where endpoint = any ($1)', [endpoints])
}
