import { type Parameter, toArrayLiteral } from '../db/array-literal.ts'
import type { Queryable } from '../db/pool.ts'
import type { Row, Value } from '../plan/row.ts'
import { listColumns, type TableName } from '../plan/tables.ts'
import { fromDriver, type RowCodec } from './column-codec.ts'

/** Reads rows of one table as plans hold them. `condition` is SQL over the alias `t`, with `values` as its parameters. */
export async function readRows(
  client: Queryable,
  table: TableName,
  condition: string,
  values: unknown[],
  codec: RowCodec,
): Promise<Row[]> {
  const columns = listColumns(table)
  const names = columns.map(({ name }) => `t."${name}"`).join(', ')
  const { rows } = await client.query<Record<string, Value>>(
    `select ${names} from ${table} t where ${condition}`,
    values.map((value) => (Array.isArray(value) ? toArrayLiteral(value as Parameter[]) : value)),
  )
  for (const row of rows) {
    const raw = { ...row }
    for (const { name, kind } of columns) row[name] = fromDriver(table, raw, name, kind, codec)
  }
  return rows
}
