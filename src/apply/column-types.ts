import type { Queryable } from '../db/pool.ts'
import type { TableName } from '../plan/tables.ts'

/** The types of a table's columns as PostgreSQL writes them, e.g. `character varying(40)`. A column it lacks is absent. */
export async function readColumnTypes(client: Queryable, table: TableName): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>({
    name: 'column-types',
    text: `select attname::text as name,
             case when t.typtype = 'e' then t.oid::regtype::text else format_type(atttypid, null) end as type
           from pg_attribute join pg_type t on t.oid = atttypid
           where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    values: [table],
  })
  return new Map(rows.map(({ name, type }) => [name, type]))
}
