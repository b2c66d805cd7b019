import { beforeEach, expect, test } from 'vitest'
import { findDrift } from '../../src/people/find-drift.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { importCsv } from './import-csv.ts'
import { dumpTables } from './open-desk.ts'
import { openTestDesk } from './open-test-desk.ts'

const TWO = `external_id,extension,last_name,did,mac,model
x1,1001,Abel,+493012345001,001565000001,T46U
x2,1002,Boot,+493012345002,001565000002,T46U
`

const { database, desk } = await openTestDesk()

beforeEach(async () => {
  await database.query('delete from offhook.keys')
  await database.query('delete from offhook.profiles')
  await importCsv(desk, desk.acme, 'extension,last_name\n9000,Last\n', { prune: true })
  await database.query('delete from offhook.spent_mailboxes')
})

const bring = (csv: string, options = {}) => importCsv(desk, desk.acme, csv, { update: true, ...options })

async function expectNoDrift(): Promise<void> {
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
}

/** Who has which number, public number, mailbox and phone, and what the rows of Asterisk say of it. */
async function listPeople(): Promise<unknown[]> {
  const { rows } = await database.query(
    `select u.last_name as name, x.number, m.number as box, d.number as did, e.name as account, v.mac as phone,
       r.appdata as route, p.appdata as public, a.username as auth, n.number as entry
     from offhook.users u join offhook.extensions x on x.user_id = u.id
       join offhook.mailboxes m on m.extension_id = x.id join offhook.dids d on d.extension_id = x.id
       join offhook.endpoints e on e.extension_id = x.id join offhook.lines l on l.endpoint_id = e.id
       join offhook.devices v on v.id = l.device_id join offhook.directory_entries n on n.user_id = u.id
       join asterisk.extensions r on r.context = 't-acme' and r.exten = x.number
       join asterisk.extensions p on p.context = 'did' and p.exten = substr(d.number, 2)
       join asterisk.ps_auths a on a.id = e.name order by 1`,
  )
  return rows as unknown[]
}

function person(name: string, number: string, box: string, nth: string) {
  return {
    ...{ name, number, box: box, did: `+49301234500${nth}`, account: `${number}-acme`, phone: `00156500000${nth}` },
    ...{ route: `offhook-user,s,1(${number}-acme,20,${box}@acme)`, public: `offhook-did,s,1(acme,${number},)` },
    ...{ auth: `${number}-acme`, entry: number },
  }
}

/** A key on a phone of each person and on a profile, all showing `number`. */
async function watch(number: string): Promise<void> {
  await database.query(
    `insert into offhook.keys (tenant_id, device_id, position, kind, value)
     select tenant_id, id, 5 + $1::int % 10, 'blf', $1 from offhook.devices where mac is not null`,
    [number],
  )
  await database.query(
    `with profile as (insert into offhook.profiles (tenant_id, name) values ($1, 'p' || $2) returning id)
     insert into offhook.keys (tenant_id, profile_id, position, kind, value) select $1, id, 1, 'blf', $2 from profile`,
    [desk.acme.id, number],
  )
}

async function watched(): Promise<unknown[]> {
  const { rows } = await database.query(
    'select value, count(*)::int as keys from offhook.keys group by value order by 1',
  )
  return rows as unknown[]
}

test('a new number takes everything along: account, digests, public number, entry, and the keys of others', async () => {
  await bring(TWO)
  await watch('1001')
  await database.query(`update asterisk.voicemail set password = '97531' where mailbox = '1001'`)
  const before = await dumpTables(database)
  const moved = await bring('external_id,extension\nx1,1005\n')
  expect(moved.problems).toEqual([])
  expect(await listPeople()).toEqual([person('Abel', '1005', '1001', '1'), person('Boot', '1002', '1002', '2')])
  expect(await watched()).toEqual([{ value: '1005', keys: 3 }])
  const { rows } = await database.query(
    `select password, set_var from asterisk.voicemail, asterisk.ps_endpoints where mailbox = '1001' and id = '1005-acme'`,
  )
  expect(rows).toEqual([
    { password: '97531', set_var: 'OFFHOOK_TENANT=acme;OFFHOOK_EXTENSION=1005;OFFHOOK_MAILBOX=1001' },
  ])
  await expectNoDrift()
  expect((await bring('external_id,extension\nx1,1005\n')).counts).toMatchObject({ unchanged: 1 })
  expect(await undoImport(desk, desk.acme, moved.import!, 'test')).toMatchObject({ kept: [] })
  expect(await dumpTables(database)).toEqual(before)
})

test('two people swap their numbers in one list, each keeping mailbox, phone and public number; undo swaps back', async () => {
  await bring(TWO)
  await watch('1001')
  await watch('1002')
  const before = await dumpTables(database)
  const swapped = await bring('external_id,extension\nx2,1001\nx1,1002\n')
  expect(swapped.problems).toEqual([])
  expect(await listPeople()).toEqual([person('Abel', '1002', '1001', '1'), person('Boot', '1001', '1002', '2')])
  expect(await watched()).toEqual([
    { value: '1001', keys: 3 },
    { value: '1002', keys: 3 },
  ])
  await expectNoDrift()
  expect((await bring('external_id,extension\nx2,1001\nx1,1002\n')).counts).toMatchObject({ unchanged: 2 })
  expect(await undoImport(desk, desk.acme, swapped.import!, 'test')).toMatchObject({ kept: [] })
  expect(await dumpTables(database)).toEqual(before)
})

test('numbers go round in a circle, and somebody new gets the one that falls free, with a mailbox of their own', async () => {
  await bring(TWO)
  const before = await dumpTables(database)
  const round = await bring(
    'external_id,extension,last_name,did,mac,model\nx9,1001,New,+493012345009,001565000009,T46U\nx1,1002,,,,\nx2,1003,,,,\n',
  )
  expect(round.problems).toEqual([])
  expect(round.counts).toMatchObject({ new: 1, changed: 2 })
  const people = (await listPeople()) as ReturnType<typeof person>[]
  expect(people.slice(0, 2)).toEqual([person('Abel', '1002', '1001', '1'), person('Boot', '1003', '1002', '2')])
  expect(people[2]).toEqual(person('New', '1001', people[2]!.box, '9'))
  expect(people[2]!.box).toMatch(/^1001-\d+$/)
  await expectNoDrift()
  expect(await undoImport(desk, desk.acme, round.import!, 'test')).toMatchObject({ kept: [] })
  expect(await dumpTables(database)).toEqual(before)
})

test('whoever counts on a number that stays where it is is refused too, and nobody is mixed up with its holder', async () => {
  await bring(TWO)
  const before = await dumpTables(database)
  const taken = await bring('external_id,extension\nx1,1002\n')
  expect(taken.problems).toMatchObject([{ row: 1, code: 'keys-disagree' }])
  const list = 'external_id,extension,last_name,groups\nx9,1001,New,\nx1,1002,,\nx2,1003,,Nobody\n'
  const broken = await bring(list, { onlyValid: true })
  const codes = broken.problems.map(({ row, code }) => `${row} ${code}`)
  expect(codes).toEqual(['1 number-not-freed', '2 number-not-freed', '3 group-unknown'])
  const held = await importCsv(desk, desk.acme, 'external_id,extension,last_name\nx9,1001,New\nx1,1005,\n')
  expect(held.problems).toMatchObject([
    { row: 1, code: 'number-not-freed', suggestion: expect.stringContaining('--update') as string },
  ])
  expect(await dumpTables(database)).toEqual(before)
})

test('a mailbox that was deleted leaves its recordings to nobody: the next one of that number has another name', async () => {
  await bring(TWO)
  await bring('extension\n9000\n1002\n', { prune: true })
  await bring('extension,last_name\n1001,Next\n')
  const { rows } = await database.query(`select mailbox from asterisk.voicemail where fullname = 'Next'`)
  expect(rows).toEqual([{ mailbox: expect.stringMatching(/^1001-\d+$/) as string }])
})
