import type { RowCodec } from '../apply/column-codec.ts'
import { readRows } from '../apply/read-rows.ts'
import type { Queryable } from '../db/pool.ts'
import { type TableRow, tenantContext } from '../plan/asterisk-rows.ts'
import { endpointName } from '../plan/desire-endpoints.ts'
import { memberInterface } from '../plan/queue-rows.ts'
import { assetKey, assetKeyOf, type AsteriskState } from '../plan/diff.ts'
import type { Row } from '../plan/row.ts'
import { rowKey, type TableName } from '../plan/tables.ts'

/** What Asterisk holds for these extensions, mailboxes, public numbers and members of queues of a tenant, and which of it is ours. */
export async function readAsterisk(
  client: Queryable,
  numbers: string[],
  boxes: string[],
  dids: string[],
  queues: string[],
  codec: RowCodec,
): Promise<AsteriskState> {
  const { slug } = codec
  const names = numbers.flatMap((number) =>
    (['desk', 'web', 'uri'] as const).map((kind) => endpointName(number, kind, slug)),
  )
  const rows: TableRow[] = []
  const read = async (table: TableName, condition: string, values: unknown[]) => {
    for (const row of await readRows(client, table, condition, values, codec)) rows.push({ table, row })
  }
  for (const table of ['asterisk.ps_aors', 'asterisk.ps_auths', 'asterisk.ps_endpoints'] as const)
    await read(table, 't.id = any ($1)', [names])
  await read('asterisk.voicemail', 't.context = $1 and t.mailbox = any ($2)', [slug, [...numbers, ...boxes]])
  if (queues.length > 0)
    await read('asterisk.queue_members', 't.queue_name = any ($1) and t.interface = any ($2)', [
      queues,
      names.map(memberInterface),
    ])
  await read('asterisk.extensions', 't.priority = 1 and t.context = $1 and t.exten = any ($2)', [
    tenantContext(slug),
    numbers,
  ])
  await read('asterisk.extensions', `t.priority = 1 and t.context = 'did' and t.exten = any ($1)`, [
    dids.map((did) => did.slice(1)),
  ])
  return {
    asterisk: new Map(rows.map((item): [string, Row] => [assetKeyOf(item), item.row])),
    owned: await readOwned(client, rows),
  }
}

/** Which of these rows the ledger lists as ours. */
async function readOwned(client: Queryable, found: TableRow[]): Promise<Set<string>> {
  const { rows } = await client.query<{ table_name: TableName; row_key: string }>(
    `select table_name, row_key from owned_rows join unnest($1::text[], $2::text[]) as v(t, k)
     on table_name = v.t and row_key = v.k`,
    [found.map(({ table }) => table), found.map(({ table, row }) => rowKey(table, row))],
  )
  return new Set(rows.map(({ table_name, row_key }) => assetKey(table_name, row_key)))
}
