import { encodeRealtime, isEncoded } from '../asterisk/realtime.ts'
import type { Queryable } from '../db/pool.ts'
import { countCodePoints } from '../model/code-points.ts'
import { isAsteriskTable, TABLE_NAMES, type TableName } from '../plan/tables.ts'

/** How many characters a column holds, when the value, as it would be stored, has more; else null. */
export type FindWidth = (table: TableName, column: string, value: string) => number | null

/** Reads how wide Asterisk's columns are: their schema may not be ours. */
export async function readColumnWidths(client: Queryable): Promise<FindWidth> {
  // `varchar(n)` has the type modifier n + 4.
  const { rows } = await client.query<{ table: TableName; name: string; width: number }>({
    name: 'column-widths',
    text: `select attrelid::regclass::text as table, attname::text as name, atttypmod - 4 as width from pg_attribute
           where attrelid = any ($1::regclass[]) and atttypid = 'varchar'::regtype and atttypmod > 4`,
    values: [TABLE_NAMES.filter(isAsteriskTable)],
  })
  const widths = new Map(
    [...Map.groupBy(rows, ({ table }) => table)].map(([table, columns]) => [
      table,
      new Map(columns.map(({ name, width }) => [name, width])),
    ]),
  )
  return (table, column, value) => {
    const width = widths.get(table)?.get(column)
    if (width === undefined || value.length * 3 <= width) return null
    const stored = isEncoded(table, column) ? encodeRealtime(value) : value
    return countCodePoints(stored) > width ? width : null
  }
}
