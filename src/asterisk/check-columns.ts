import type { Queryable } from '../db/pool.ts'
import { AppError } from '../model/app-error.ts'

/** Table of the schema `asterisk` to the columns that must be there. */
export type NeededColumns = Readonly<Record<string, readonly string[]>>

/**
 * What Asterisk itself writes through us. Without any one column of `ps_contacts` a REGISTER is still answered with 200,
 * and the phone is never rung (res_sorcery_realtime.c inserts them all by name).
 */
const WRITTEN_BY_ASTERISK: NeededColumns = {
  ps_contacts: [
    ...['id', 'uri', 'expiration_time', 'qualify_frequency', 'outbound_proxy', 'path', 'user_agent', 'qualify_timeout'],
    ...['reg_server', 'authenticate_qualify', 'via_addr', 'via_port', 'call_id', 'endpoint', 'prune_on_boot'],
    'qualify_2xx_only',
  ],
  queues: ['name'],
  queue_members: ['queue_name', 'interface', 'paused', 'reason_paused'],
}

/**
 * Compares the schema `asterisk`, if there is one, with what we and Asterisk need of it; `written` is what we write.
 * @throws AppError `asterisk-schema-incomplete` naming every table and column that is missing
 */
export async function checkAsteriskColumns(client: Queryable, written: NeededColumns): Promise<void> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select n.nspname as name, coalesce(array_agg(c.relname || '.' || attname) filter (where attname is not null), '{}') as columns
     from pg_namespace n left join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'v', 'p')
       left join pg_attribute on attrelid = c.oid and attnum > 0 and not attisdropped
     where n.nspname = 'asterisk' group by n.nspname`,
  )
  const [schema] = rows
  if (!schema) return
  const there = new Set(schema.columns)
  const tables = new Set(schema.columns.map((column) => column.split('.')[0]))
  const missing = [...Object.entries(written), ...Object.entries(WRITTEN_BY_ASTERISK)].flatMap(([table, columns]) =>
    tables.has(table)
      ? columns.filter((column) => !there.has(`${table}.${column}`)).map((column) => `${table}.${column}`)
      : [`the table ${table}`],
  )
  if (missing.length === 0) return
  const message = `The schema asterisk lacks ${missing.join(', ')}. Run the database migrations of Asterisk 22.2 or newer.`
  throw new AppError('asterisk-schema-incomplete', message)
}
