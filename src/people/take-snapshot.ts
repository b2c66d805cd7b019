import type { RowCodec } from '../apply/column-codec.ts'
import { readRows } from '../apply/read-rows.ts'
import { toArrayLiteral } from '../db/array-literal.ts'
import type { Queryable } from '../db/pool.ts'
import { readLocations } from '../db/tenants.ts'
import type { Person } from '../model/person.ts'
import type { Value } from '../plan/row.ts'
import type { Snapshot } from '../plan/snapshot.ts'
import type { TableName } from '../plan/tables.ts'
import { ENDPOINT_KINDS } from '../plan/desire-endpoints.ts'
import { readAsterisk } from './read-asterisk.ts'
import { joinLines, readPeopleRows } from './read-people-rows.ts'

const DESK_ONLY = ['desk'] as const

/**
 * Reads what an import of these people may touch or collide with, and nothing else of the tenant; `userIds` are those who
 * are there and may be meant. What does not depend on an answer is asked at once: between two answers the process may be
 * busy planning for longer than the database answers.
 */
export async function takeSnapshot(
  client: Queryable,
  tenantId: number,
  { people, userIds }: { people: Person[]; userIds: number[] },
  codec: RowCodec,
): Promise<Snapshot> {
  const values = (field: keyof Person) =>
    people.map((person) => person[field]).filter((value) => typeof value === 'string')
  const read = async (table: TableName, column: string, wanted: readonly Value[]) =>
    wanted.length === 0 ? [] : readRows(client, table, `t.${column} = any ($1)`, [wanted], codec)
  const [macs, numbersGiven, didsGiven] = [values('mac'), values('extension'), values('did')]
  const [{ people: rows, devices }, groups, boxNames, locations, takenMacs, takenDids, devicesGiven] =
    await Promise.all([
      readPeopleRows(client, userIds, codec),
      readRows(client, 'offhook.groups', 't.tenant_id = $1', [tenantId], codec),
      readMailboxNames(client, numbersGiven),
      readLocations(client, tenantId),
      readTaken(client, 'taken_macs', macs),
      readTaken(client, 'taken_dids', didsGiven),
      read('offhook.devices', 'mac', macs),
    ])
  const known = new Set(devices.map(({ device }) => device['id']))
  const others = devicesGiven.filter(({ id }) => !known.has(id))
  const numbers = new Set([...numbersGiven, ...rows.flatMap(({ extension }) => toText(extension?.['number']))])
  // Whoever is new and says nothing else gets an account for a desk phone: there is a third to look for.
  const kinds = rows.length > 0 || people.some(({ sip_mode }) => sip_mode !== undefined) ? ENDPOINT_KINDS : DESK_ONLY
  const queues = groups.flatMap((group) => toText(group['queue']))
  const boxes = new Set(rows.flatMap(({ mailbox }) => toText(mailbox?.['number'])))
  const didNumbers = new Set([
    ...didsGiven,
    ...rows.flatMap((person) => person.dids.flatMap((did) => toText(did['number']))),
  ])
  const [otherLines, dids, keys, asterisk] = await Promise.all([
    read(
      'offhook.lines',
      'device_id',
      others.map(({ id }) => id!),
    ),
    read('offhook.dids', 'number', [...didNumbers]),
    read('offhook.keys', 'value', [...numbers]),
    readAsterisk(client, { numbers: [...numbers], kinds, boxes: [...boxes], dids: [...didNumbers], queues }, codec),
  ])
  return {
    ...{ people: rows, devices: [...devices, ...joinLines(others, otherLines)] },
    ...{ dids, groups, keys, ...boxNames, locations, takenMacs, takenDids, ...asterisk },
  }
}

/** Which of these numbers name a mailbox, now or in the past, and which are extensions without a person. */
async function readMailboxNames(
  client: Queryable,
  numbers: string[],
): Promise<Pick<Snapshot, 'mailboxNames' | 'keptNumbers'>> {
  const { rows } = await client.query<{ number: string; kept: boolean }>(
    `select number, false as kept from mailboxes where number = any ($1)
     union all select number, false from spent_mailboxes where number = any ($1)
     union all select number, true from extensions where number = any ($1) and user_id is null`,
    [toArrayLiteral(numbers)],
  )
  const list = (kept: boolean) => new Set(rows.filter((row) => row.kept === kept).map(({ number }) => number))
  return { mailboxNames: list(false), keptNumbers: list(true) }
}

async function readTaken(
  client: Queryable,
  question: 'taken_macs' | 'taken_dids',
  values: string[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ taken: string }>(`select ${question}($1) as taken`, [toArrayLiteral(values)])
  return new Set(rows.map(({ taken }) => taken))
}

function toText(value: unknown): string[] {
  return typeof value === 'string' ? [value] : []
}
