import { beforeEach, expect, test } from 'vitest'
import { findDrift } from '../../../src/people/find-drift.ts'
import { addGroup, rankMember, removeGroup, setGroup } from '../../../src/people/groups/edit-groups.ts'
import { listGroups } from '../../../src/people/groups/list-groups.ts'
import { undoImport } from '../../../src/people/undo-import.ts'
import { importCsv } from '../import-csv.ts'
import { dumpTables } from '../open-desk.ts'
import { openTestDesk } from '../open-test-desk.ts'

const { database, desk } = await openTestDesk()

beforeEach(async () => {
  await importCsv(desk, desk.acme, 'extension,last_name\n9000,Last\n', { prune: true })
  await database.query('delete from offhook.spent_mailboxes')
  for (const { name } of await listGroups(desk, desk.acme)) await removeGroup(desk, desk.acme, name, 'test')
})

async function members(): Promise<unknown[]> {
  const { rows } = await database.query(
    'select queue_name, interface, state_interface, membername from asterisk.queue_members order by 1, 2',
  )
  return rows as unknown[]
}

test('a group is a queue with an extension, named for its tenant, and goes without a trace', async () => {
  const before = await dumpTables(database)
  await addGroup(desk, desk.acme, { name: 'Größe & Co', number: '500', timeoutSeconds: 60 }, 'test')
  const { rows } = await database.query(
    `select q.name, strategy, timeout, appdata from asterisk.queues q, asterisk.extensions where exten = '500'`,
  )
  expect(rows).toEqual([
    { name: 'grosse-co-acme', strategy: 'ringall', timeout: 15, appdata: 'offhook-queue,s,1(grosse-co-acme,60,)' },
  ])
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
  await removeGroup(desk, desk.acme, 'größe & co', 'test')
  expect(await dumpTables(database)).toEqual(before)
})

test('people join by name or id, in any case; undo takes them out', async () => {
  const id = await addGroup(desk, desk.acme, { name: 'Sales' }, 'test')
  await addGroup(desk, desk.acme, { name: 'Support' }, 'test')
  const before = await dumpTables(database)
  const done = await importCsv(
    desk,
    desk.acme,
    `extension,last_name,groups\n1001,Abel,"sales,Support"\n1002,Boot,${id}\n`,
  )
  expect(done.problems).toEqual([])
  const member = (queue: string, number: string, name: string) => ({
    queue_name: queue,
    interface: `Local/${number}-acme@offhook-member`,
    state_interface: `PJSIP/${number}-acme`,
    membername: name,
  })
  expect(await members()).toEqual([
    member('sales-acme', '1001', 'Abel'),
    member('sales-acme', '1002', 'Boot'),
    member('support-acme', '1001', 'Abel'),
  ])
  const again = await importCsv(desk, desk.acme, 'extension,groups\n1001,"Support,SALES"\n', { update: true })
  expect(again.counts).toMatchObject({ unchanged: 1 })
  await importCsv(desk, desk.acme, 'extension,groups\n1001,-\n', { update: true })
  expect(await members()).toEqual([member('sales-acme', '1002', 'Boot')])
  await importCsv(desk, desk.acme, 'extension,groups\n1001,"Support,SALES"\n', { update: true })
  expect(await undoImport(desk, desk.acme, done.import!, 'test')).toMatchObject({ kept: [] })
  expect(await dumpTables(database)).toEqual(before)
})

test('a group that is not there is a problem that names the one that was meant', async () => {
  await addGroup(desk, desk.acme, { name: 'Support' }, 'test')
  const refused = await importCsv(desk, desk.acme, 'extension,last_name,groups\n1001,Abel,Suport\n')
  expect(refused.problems).toMatchObject([{ row: 1, field: 'groups', code: 'group-unknown', suggestion: 'Support' }])
  expect(refused.state).toBe('refused')
})

test('a number is a group or an extension, never both', async () => {
  await addGroup(desk, desk.acme, { name: 'Sales', number: '500' }, 'test')
  const refused = await importCsv(desk, desk.acme, 'extension,last_name\n500,Abel\n')
  expect(refused.problems).toMatchObject([{ field: 'extension', code: 'extension-taken' }])
  await expect(addGroup(desk, desk.acme, { name: 'Nine', number: '9000' }, 'test')).rejects.toMatchObject({
    code: 'already-there',
  })
  await expect(addGroup(desk, desk.acme, { name: 'SALES' }, 'test')).rejects.toMatchObject({ code: 'already-there' })
  await expect(addGroup(desk, desk.acme, { name: 'Help', number: '112' }, 'test')).rejects.toMatchObject({
    code: 'input-invalid',
  })
})

test('two tenants have groups of one name, and do not see each other', async () => {
  await addGroup(desk, desk.acme, { name: 'Sales' }, 'test')
  await addGroup(desk, desk.zeta, { name: 'Sales' }, 'test')
  expect((await listGroups(desk, desk.zeta)).map(({ queue }) => queue)).toEqual(['sales-zeta'])
  await removeGroup(desk, desk.zeta, 'Sales', 'test')
  expect((await listGroups(desk, desk.acme)).map(({ queue }) => queue)).toEqual(['sales-acme'])
})

test('a pause that Asterisk wrote is no drift, and survives rank, re-import and a new number', async () => {
  await addGroup(desk, desk.acme, { name: 'Sales', number: '500' }, 'test')
  await importCsv(desk, desk.acme, 'external_id,extension,last_name,groups\nx1,1001,Abel,Sales\n')
  await database.query(`update asterisk.queue_members set paused = 1, reason_paused = 'lunch'`)
  expect((await findDrift(desk, desk.acme, { fix: true, actor: 'test' })).changes).toEqual([])
  await rankMember(desk, desk.acme, { group: 'Sales', extension: '1001', penalty: 3 }, 'test')
  await setGroup(desk, desk.acme, 'Sales', { name: 'Sellers', strategy: 'rrmemory', number: null }, 'test')
  const moved = await importCsv(desk, desk.acme, 'external_id,extension\nx1,1005\n', { update: true })
  expect(moved.problems).toEqual([])
  const { rows } = await database.query('select interface, penalty, paused, reason_paused from asterisk.queue_members')
  expect(rows).toEqual([{ interface: 'Local/1005-acme@offhook-member', penalty: 3, paused: 1, reason_paused: 'lunch' }])
  expect(await listGroups(desk, desk.acme)).toMatchObject([
    { name: 'Sellers', number: null, queue: 'sales-acme', members: [{ extension: '1005', penalty: 3, paused: true }] },
  ])
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
})

test('who is suspended has no accounts, no place in a queue, and the same secrets afterwards', async () => {
  await addGroup(desk, desk.acme, { name: 'Sales' }, 'test')
  await importCsv(desk, desk.acme, 'extension,last_name,groups,mac,model\n1001,Abel,Sales,001565000001,T46U\n')
  const before = await dumpTables(database)
  await importCsv(desk, desk.acme, 'extension,suspended\n1001,yes\n', { update: true })
  const { rows } = await database.query(
    `select (select count(*)::int from asterisk.ps_endpoints where id like '1001%') as endpoints,
       (select count(*)::int from asterisk.queue_members) as members, (select count(*)::int from offhook.lines) as lines,
       (select appdata from asterisk.extensions where exten = '1001') as route`,
  )
  expect(rows).toEqual([{ endpoints: 0, members: 0, lines: 1, route: 'offhook-user,s,1(,20,1001@acme)' }])
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
  await importCsv(desk, desk.acme, 'extension,suspended\n1001,no\n', { update: true })
  expect(await dumpTables(database)).toEqual(before)
})
