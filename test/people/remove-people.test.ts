import { beforeEach, expect, test } from 'vitest'
import { eraseOldImports } from '../../src/db/erase-imports.ts'
import { createPool } from '../../src/db/pool.ts'
import { findDrift } from '../../src/people/find-drift.ts'
import { addGroup, removeGroup } from '../../src/people/groups/edit-groups.ts'
import { listGroups } from '../../src/people/groups/list-groups.ts'
import { listKeptMailboxes, removeKeptMailbox } from '../../src/people/kept-mailboxes.ts'
import { listLeftRecordings } from '../../src/people/left-recordings.ts'
import { removePeople } from '../../src/people/remove-people.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { importCsv } from './import-csv.ts'
import { dumpTables } from './open-desk.ts'
import { openTestDesk } from './open-test-desk.ts'

const DELETE = { mailbox: 'delete', did: 'delete', device: 'delete' } as const

const { database, desk } = await openTestDesk()
let users: number[]
let before: Awaited<ReturnType<typeof dumpTables>>

beforeEach(async () => {
  await importCsv(desk, desk.acme, 'extension,last_name\n9000,Last\n', { prune: true })
  for (const { name } of await listGroups(desk, desk.acme)) await removeGroup(desk, desk.acme, name, 'test')
  for (const table of ['spent_mailboxes', 'dids', 'devices']) await database.query(`delete from offhook.${table}`)
  await addGroup(desk, desk.acme, { name: 'Sales', number: '500' }, 'test')
  const outcome = await importCsv(
    desk,
    desk.acme,
    `extension,first_name,last_name,did,mac,model,line,groups
1001,Ada,Abel,+493012345001,001565000001,T46U,1,Sales
1002,Ben,Boot,+493012345002,001565000001,T46U,2,Sales
1003,Cleo,Clark,+493012345003,001565000003,T46U,,
`,
  )
  expect(outcome.problems).toEqual([])
  const { rows } = await database.query(`select user_id from offhook.extensions where number < '2000' order by number`)
  users = (rows as { user_id: number }[]).map(({ user_id }) => user_id)
  before = await dumpTables(database)
})

async function expectNoDrift(): Promise<void> {
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
}

async function count(table: string, condition = 'true'): Promise<number> {
  const { rows } = await database.query(`select count(*)::int as n from ${table} where ${condition}`)
  return (rows[0] as { n: number }).n
}

test('several people go with all they have, but for a phone that somebody else is on; undo brings them back', async () => {
  const removed = await removePeople(desk, desk.acme, [users[0]!, users[2]!], DELETE, 'test')
  expect(removed.who).toEqual(['Ada Abel (1001)', 'Cleo Clark (1003)'])
  expect(await count('offhook.users')).toBe(2)
  expect(await count('offhook.dids')).toBe(1)
  expect(await count('offhook.devices', `mac = '001565000001' and user_id is null`)).toBe(1)
  expect(await count('offhook.devices')).toBe(1)
  expect(await count('asterisk.queue_members')).toBe(1)
  expect(await count('asterisk.voicemail', `mailbox in ('1001', '1003')`)).toBe(0)
  await expectNoDrift()
  const { rows } = await database.query(`select source, state from offhook.imports where id = $1`, [removed.import])
  expect(rows).toEqual([{ source: 'remove', state: 'applied' }])
  expect(await undoImport(desk, desk.acme, removed.import, 'test')).toMatchObject({ undone: 2, kept: [] })
  expect(await dumpTables(database)).toEqual(before)
})

test('number and phone stay when that is chosen: one rings nobody, the other has a new address', async () => {
  const choice = { mailbox: 'delete', did: 'free', device: 'free' } as const
  const removed = await removePeople(desk, desk.acme, [users[2]!], choice, 'test')
  expect(await count('offhook.dids', `number = '+493012345003' and extension_id is null`)).toBe(1)
  expect(await count('asterisk.extensions', `context = 'did' and exten = '493012345003'`)).toBe(0)
  expect(await count('offhook.devices', `mac = '001565000003' and user_id is null`)).toBe(1)
  await expectNoDrift()
  const next = await importCsv(
    desk,
    desk.acme,
    'extension,last_name,did,mac,model\n1009,Next,+493012345003,001565000003,T46U\n',
  )
  expect(next.problems).toEqual([])
  expect(await count('offhook.lines')).toBe(3)
  await undoImport(desk, desk.acme, next.import!, 'test')
  expect(await undoImport(desk, desk.acme, removed.import, 'test')).toMatchObject({ kept: [] })
  expect(await dumpTables(database)).toEqual(before)
})

test('a mailbox that is kept still takes messages under its number, which nobody else gets until it is removed', async () => {
  await database.query(`update asterisk.voicemail set password = '97531' where mailbox = '1001'`)
  const removed = await removePeople(desk, desk.acme, [users[0]!], { ...DELETE, mailbox: 'keep' }, 'test')
  const { rows } = await database.query(
    `select password, appdata from asterisk.voicemail, asterisk.extensions where mailbox = '1001' and exten = '1001'`,
  )
  expect(rows).toEqual([{ password: '97531', appdata: 'offhook-user,s,1(,20,1001@acme)' }])
  expect(await listKeptMailboxes(desk, desk.acme)).toEqual([{ extension: '1001', name: 'Ada Abel', mailbox: '1001' }])
  await expectNoDrift()
  const refused = await importCsv(desk, desk.acme, 'extension,last_name\n1001,Next\n')
  expect(refused.problems).toMatchObject([{ field: 'extension', code: 'extension-kept' }])
  expect(await undoImport(desk, desk.acme, removed.import, 'test')).toMatchObject({ kept: [] })
  await database.query(`update asterisk.voicemail set password = '97531' where mailbox = '1001'`)
  await removePeople(desk, desk.acme, [users[0]!], { ...DELETE, mailbox: 'keep' }, 'test')
  await removeKeptMailbox(desk, desk.acme, '1001', 'test')
  await expect(removeKeptMailbox(desk, desk.acme, '1001', 'test')).rejects.toMatchObject({ code: 'mailbox-unknown' })
  expect(await listKeptMailboxes(desk, desk.acme)).toEqual([])
  await expectNoDrift()
  const next = await importCsv(desk, desk.acme, 'extension,last_name\n1001,Next\n')
  expect(next.problems).toEqual([])
  expect(await count('asterisk.voicemail', `mailbox like '1001-%' and fullname = 'Next'`)).toBe(1)
})

test('somebody who is not there is refused, and nobody else is deleted', async () => {
  await expect(removePeople(desk, desk.acme, [users[0]!, 4711], DELETE, 'test')).rejects.toMatchObject({
    code: 'user-unknown',
  })
  expect(await dumpTables(database)).toEqual(before)
})

test('the recordings of a mailbox are listed for deletion once no undo can bring it back', async () => {
  const kept = { ...DELETE, mailbox: 'keep' } as const
  await database.query('delete from offhook.import_changes') // Of other tests, which had mailboxes of these names.
  const removed = await removePeople(desk, desk.acme, [users[0]!], DELETE, 'test')
  await removePeople(desk, desk.acme, [users[1]!], kept, 'test')
  expect(await listLeftRecordings(desk, desk.acme)).toEqual([])
  await removeKeptMailbox(desk, desk.acme, '1002', 'test')
  expect(await listLeftRecordings(desk, desk.acme)).toEqual(['acme/1002'])
  await database.query(`update offhook.imports set applied_at = now() - interval '91 days' where id = $1`, [
    removed.import,
  ])
  const owner = createPool(database.url, 'owner', { max: 1 })
  await eraseOldImports(owner, 90)
  await owner.end()
  expect(await listLeftRecordings(desk, desk.acme)).toEqual(['acme/1001', 'acme/1002'])
  expect(await listLeftRecordings(desk, desk.zeta)).toEqual([])
})
