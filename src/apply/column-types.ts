import type { Queryable } from '../db/pool.ts'
import { TABLE_NAMES, type TableName } from '../plan/tables.ts'

/** Per table the types of its columns as PostgreSQL writes them, e.g. `character varying(40)`; what it lacks is absent. */
export type ColumnTypes = ReadonlyMap<TableName, ReadonlyMap<string, string>>

/** Reads the columns of every table that plans write: Asterisk's may be of a version that is not ours. */
export async function readColumnTypes(client: Queryable): Promise<ColumnTypes> {
  const { rows } = await client.query<{ table: TableName; name: string; type: string }>({
    name: 'column-types',
    text: `select v.name as table, attname::text as name,
             case when t.typtype = 'e' then t.oid::regtype::text else format_type(atttypid, null) end as type
           from unnest($1::text[]) as v(name)
           join pg_attribute on attrelid = v.name::regclass and attnum > 0 and not attisdropped
           join pg_type t on t.oid = atttypid`,
    values: [TABLE_NAMES],
  })
  const of = Map.groupBy(rows, ({ table }) => table)
  return new Map(TABLE_NAMES.map((table) => [table, new Map(of.get(table)?.map(({ name, type }) => [name, type]))]))
}
