import type { RowCodec } from '../apply/column-codec.ts'
import { readRows } from '../apply/read-rows.ts'
import type { Queryable } from '../db/pool.ts'
import type { TableRow } from '../plan/asterisk-rows.ts'
import { assetKey, assetKeyOf, type AsteriskState } from '../plan/diff.ts'
import type { Row } from '../plan/row.ts'
import { rowKey, type TableName, tableSpec } from '../plan/tables.ts'

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
  const { rows: owned } = await client.query<{ table_name: TableName; row_key: string }>(
    `select table_name, row_key from owned_rows join unnest($1::text[], $2::text[]) as v(t, k)
     on table_name = v.t and row_key = v.k`,
    [keys.map(({ table }) => table), keys.map(({ key }) => key)],
  )
  return { asterisk, owned: new Set(owned.map(({ table_name, row_key }) => assetKey(table_name, row_key))) }
}
