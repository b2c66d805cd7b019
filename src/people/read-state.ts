import type { RowCodec } from '../apply/column-codec.ts'
import { readRows } from '../apply/read-rows.ts'
import { toArrayLiteral } from '../db/array-literal.ts'
import type { Queryable } from '../db/pool.ts'
import type { TableRow } from '../plan/asterisk-rows.ts'
import { assetKey, assetKeyOf, type AsteriskState } from '../plan/diff.ts'
import type { Row } from '../plan/row.ts'
import { ledgerTable, rowKey, type TableName, tableSpec } from '../plan/tables.ts'

/** What Asterisk's tables hold under the keys of these rows, and which of it is ours. */
export async function readState(client: Queryable, rows: readonly TableRow[], codec: RowCodec): Promise<AsteriskState> {
  const asterisk = new Map<string, Row>()
  const keys: { table: TableName; key: string }[] = []
  for (const [table, items] of Map.groupBy(rows, (item) => item.table)) {
    const wanted = items.map(({ row }) => rowKey(table, row))
    for (const key of wanted) keys.push({ table, key })
    const identity = tableSpec(table)
      .key.map((name) => `t."${name}"::text`)
      .join(` || '/' || `)
    for (const row of await readRows(client, table, `${identity} = any ($1)`, [wanted], codec))
      asterisk.set(assetKeyOf({ table, row }), row)
  }
  return { asterisk, owned: await readOwned(client, keys) }
}

/** Which of these rows the ledger lists as ours; by `assetKey`. */
export async function readOwned(
  client: Queryable,
  keys: readonly { table: TableName; key: string }[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const { rows } = await client.query<{ table: TableName; key: string }>(
    `select t as table, k as key from unnest($1::text[], $2::text[], $3::text[]) as v(t, l, k)
     where exists (select from owned_rows where table_name = l and row_key = k)`,
    [
      toArrayLiteral(keys.map(({ table }) => table)),
      toArrayLiteral(keys.map(({ table }) => ledgerTable(table))),
      toArrayLiteral(keys.map(({ key }) => key)),
    ],
  )
  return new Set(rows.map(({ table, key }) => assetKey(table, key)))
}
