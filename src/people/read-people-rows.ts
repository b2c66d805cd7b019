import { readRows } from '../apply/read-rows.ts'
import type { RowCodec } from '../apply/column-codec.ts'
import type { Queryable } from '../db/pool.ts'
import type { PersonRows } from '../plan/person-rows.ts'
import type { Row, Value } from '../plan/row.ts'
import type { DeviceRows } from '../plan/snapshot.ts'
import type { TableName } from '../plan/tables.ts'

/** Our rows of the given users, put together by person, with every device that they are on. */
export async function readPeopleRows(
  client: Queryable,
  userIds: number[],
  codec: RowCodec,
): Promise<{ people: PersonRows[]; devices: DeviceRows[] }> {
  const read = async (table: TableName, column: string, values: unknown[]) =>
    values.length === 0 ? [] : readRows(client, table, `t.${column} = any ($1)`, [values], codec)
  const [users, extensions, entries, memberships] = await Promise.all([
    read('offhook.users', 'id', userIds),
    read('offhook.extensions', 'user_id', userIds),
    read('offhook.directory_entries', 'user_id', userIds),
    read('offhook.group_members', 'user_id', userIds),
  ])
  const extensionIds = idsOf(extensions)
  const [endpoints, mailboxes, dids, groups] = await Promise.all([
    read('offhook.endpoints', 'extension_id', extensionIds),
    read('offhook.mailboxes', 'extension_id', extensionIds),
    read('offhook.dids', 'extension_id', extensionIds),
    read('offhook.groups', 'id', [...new Set(memberships.map((row) => row['group_id']))]),
  ])
  const lines = await read('offhook.lines', 'endpoint_id', idsOf(endpoints))
  const onLines = lines.map((line) => line['device_id'])
  const devices =
    userIds.length === 0
      ? []
      : await readRows(client, 'offhook.devices', 't.user_id = any ($1) or t.id = any ($2)', [userIds, onLines], codec)
  const [keys, allLines] = await Promise.all([
    read('offhook.keys', 'device_id', idsOf(devices)),
    read('offhook.lines', 'device_id', idsOf(devices)),
  ])

  const by = { extension: groupBy(endpoints, 'extension_id'), dids: groupBy(dids, 'extension_id') }
  const extensionOf = groupBy(extensions, 'user_id')
  const mailboxOf = groupBy(mailboxes, 'extension_id')
  const groupsOf = groupBy(memberships, 'user_id')
  const groupById = new Map(groups.map((group) => [group['id'], group]))
  const entryOf = groupBy(entries, 'user_id')
  const lineOf = groupBy(lines, 'endpoint_id')
  const deviceOf = groupBy(devices, 'user_id')
  const deviceById = new Map(devices.map((device) => [device['id'], device]))
  const keyOf = groupBy(keys, 'device_id')

  const people = users.map((user): PersonRows => {
    const extension = extensionOf.get(user['id']!)?.[0] ?? null
    const id = extension?.['id'] ?? null
    const joined = groupsOf.get(user['id']!) ?? []
    const own = (id !== null && by.extension.get(id)) || []
    const ownLines = own.flatMap((endpoint) => lineOf.get(endpoint['id']!) ?? [])
    const used = new Set([
      ...(deviceOf.get(user['id']!) ?? []),
      ...ownLines.map((line) => deviceById.get(line['device_id'])!),
    ])
    return {
      user,
      extension,
      endpoints: own,
      mailbox: (id !== null && mailboxOf.get(id)?.[0]) || null,
      dids: (id !== null && by.dids.get(id)) || [],
      devices: [...used],
      lines: ownLines,
      keys: [...used].flatMap((device) => keyOf.get(device['id']!) ?? []),
      entry: entryOf.get(user['id']!)?.[0] ?? null,
      memberships: joined,
      groups: joined.map((membership) => groupById.get(membership['group_id'])!),
    }
  })
  return { people, devices: joinLines(devices, allLines) }
}

export function joinLines(devices: Row[], lines: Row[]): DeviceRows[] {
  const of = groupBy(lines, 'device_id')
  return devices.map((device) => ({ device, lines: of.get(device['id']!) ?? [] }))
}

function groupBy(rows: Row[], column: string): Map<Value, Row[]> {
  return Map.groupBy(rows, (row) => row[column]!)
}

function idsOf(rows: Row[]): number[] {
  return rows.map((row) => Number(row['id']))
}
