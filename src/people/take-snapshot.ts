import type { RowCodec } from '../apply/column-codec.ts'
import { readRows } from '../apply/read-rows.ts'
import type { Queryable } from '../db/pool.ts'
import { readLocations } from '../db/tenants.ts'
import type { Person } from '../model/person.ts'
import type { Snapshot } from '../plan/snapshot.ts'
import { readAsterisk } from './read-asterisk.ts'
import { joinLines, readPeopleRows } from './read-people-rows.ts'

/** Reads what an import of these people may touch or collide with, and nothing else of the tenant. */
export async function takeSnapshot(
  client: Queryable,
  tenantId: number,
  people: Person[],
  codec: RowCodec,
): Promise<Snapshot> {
  const values = (field: keyof Person) =>
    people.map((person) => person[field]).filter((value) => typeof value === 'string')
  const usernames = [...values('username'), ...values('email'), ...values('extension'), ...values('external_id')]
  const { rows: users } = await client.query<{ id: number }>(
    `select id from users where external_id = any ($1) or email = any ($2) or username = any ($3)
     or id = any ($5)
     union select user_id from extensions where number = any ($4) and user_id is not null`,
    [
      values('external_id'),
      values('email'),
      // A rule may put the tenant before them.
      [...usernames, ...usernames.map((name) => `${codec.slug}-${name}`)],
      values('extension'),
      people.flatMap(({ user_id }) => user_id ?? []),
    ],
  )
  const { people: rows, devices } = await readPeopleRows(
    client,
    users.map(({ id }) => id),
    codec,
  )
  const macs = values('mac')
  const known = new Set(devices.map(({ device }) => device['mac']))
  const others = await readRows(
    client,
    'offhook.devices',
    't.mac = any ($1)',
    [macs.filter((mac) => !known.has(mac))],
    codec,
  )
  const otherLines = await readRows(
    client,
    'offhook.lines',
    't.device_id = any ($1)',
    [others.map(({ id }) => id)],
    codec,
  )
  const wantedDids = values('did')
  const numbers = new Set([...values('extension'), ...rows.flatMap(({ extension }) => toText(extension?.['number']))])
  const groups = await readRows(client, 'offhook.groups', 't.tenant_id = $1', [tenantId], codec)
  const queues = groups.flatMap((group) => toText(group['queue']))
  const boxNames = await readMailboxNames(client, values('extension'))
  const boxes = new Set(rows.flatMap(({ mailbox }) => toText(mailbox?.['number'])))
  const dids = new Set([
    ...wantedDids,
    ...rows.flatMap((person) => person.dids.flatMap((did) => toText(did['number']))),
  ])
  return {
    people: rows,
    dids: await readRows(client, 'offhook.dids', 't.number = any ($1)', [[...dids]], codec),
    devices: [...devices, ...joinLines(others, otherLines)],
    groups,
    keys: await readRows(client, 'offhook.keys', 't.value = any ($1)', [[...numbers]], codec),
    ...boxNames,
    locations: await readLocations(client, tenantId),
    takenMacs: await readTaken(client, 'taken_macs', macs),
    takenDids: await readTaken(client, 'taken_dids', wantedDids),
    ...(await readAsterisk(client, [...numbers], [...boxes], [...dids], queues, codec)),
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
    [numbers],
  )
  const list = (kept: boolean) => new Set(rows.filter((row) => row.kept === kept).map(({ number }) => number))
  return { mailboxNames: list(false), keptNumbers: list(true) }
}

async function readTaken(
  client: Queryable,
  question: 'taken_macs' | 'taken_dids',
  values: string[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ taken: string }>(`select ${question}($1) as taken`, [values])
  return new Set(rows.map(({ taken }) => taken))
}

function toText(value: unknown): string[] {
  return typeof value === 'string' ? [value] : []
}
