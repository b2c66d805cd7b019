import type { RowCodec } from '../apply/column-codec.ts'
import { readRows } from '../apply/read-rows.ts'
import type { Queryable } from '../db/pool.ts'
import { type TableRow, tenantContext } from '../plan/asterisk-rows.ts'
import { type EndpointKind, endpointName } from '../plan/desire-endpoints.ts'
import { memberInterface } from '../plan/queue-rows.ts'
import { assetKeyOf } from '../plan/diff.ts'
import type { Snapshot } from '../plan/snapshot.ts'
import type { Row } from '../plan/row.ts'
import { rowKey, type TableName } from '../plan/tables.ts'
import { readOwned } from './read-state.ts'

type Sought = {
  /** Numbers of extensions. */
  numbers: string[]
  /** What accounts they may have. */
  kinds: readonly EndpointKind[]
  /** Names of mailboxes beside those of the extensions. */
  boxes: string[]
  /** Public numbers. */
  dids: string[]
  queues: string[]
}

/** What Asterisk holds of a tenant under these names, and which of it is ours. */
export async function readAsterisk(
  client: Queryable,
  { numbers, kinds, boxes, dids, queues }: Sought,
  codec: RowCodec,
): Promise<Pick<Snapshot, 'asterisk' | 'owned'>> {
  const { slug } = codec
  const names = numbers.flatMap((number) => kinds.map((kind) => endpointName(number, kind, slug)))
  const read = async (table: TableName, condition: string, values: unknown[]): Promise<TableRow[]> =>
    (await readRows(client, table, condition, values, codec)).map((row) => ({ table, row }))
  const readExtensions = (context: string, extens: string[]) =>
    read('asterisk.extensions', 't.priority = 1 and t.context = $1 and t.exten = any ($2)', [context, extens])
  const found = await Promise.all([
    read('asterisk.ps_aors', 't.id = any ($1)', [names]),
    read('asterisk.ps_auths', 't.id = any ($1)', [names]),
    read('asterisk.ps_endpoints', 't.id = any ($1)', [names]),
    read('asterisk.voicemail', 't.context = $1 and t.mailbox = any ($2)', [slug, [...numbers, ...boxes]]),
    queues.length === 0
      ? []
      : read('asterisk.queue_members', 't.queue_name = any ($1) and t.interface = any ($2)', [
          queues,
          names.map(memberInterface),
        ]),
    readExtensions(tenantContext(slug), numbers),
    readExtensions(
      'did',
      dids.map((did) => did.slice(1)),
    ),
  ])
  const rows = found.flat()
  return {
    asterisk: new Map(rows.map((item): [string, Row] => [assetKeyOf(item), item.row])),
    owned: await readOwned(
      client,
      rows.map(({ table, row }) => ({ table, key: rowKey(table, row) })),
    ),
  }
}
