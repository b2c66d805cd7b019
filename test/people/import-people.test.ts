import { expect, test } from 'vitest'
import { findDrift } from '../../src/people/find-drift.ts'
import type { ImportOutcome } from '../../src/people/import-outcome.ts'
import { applyImport, previewImport } from '../../src/people/import-people.ts'
import type { ImportOptions } from '../../src/people/open-import.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { dumpTables } from './open-desk.ts'
import { openTestDesk } from './open-test-desk.ts'

const CSV = `extension,first_name,last_name,email,did,mac,model
1001,Ada,Abel,ada@example.org,+493012345001,00:15:65:AB:CD:01,T46U
1002,"O""Brien & <Söhne>;^",,brian@example.org,,,
1003,Cleo,Clark,cleo@example.org,,,Linphone
`

const { database, desk } = await openTestDesk()

function run(text: string, options: ImportOptions = {}, tenant = desk.acme): Promise<ImportOutcome> {
  return applyImport(desk, {
    tenant,
    source: 'people.csv',
    actor: 'test',
    input: { kind: 'file', bytes: Buffer.from(text) },
    options,
  })
}

test('a file becomes users, accounts, boxes, routes and phones, and the same file again changes nothing', async () => {
  const empty = await dumpTables(database)
  const preview = await previewImport(desk, {
    ...{
      tenant: desk.acme,
      source: 'people.csv',
      actor: 'test',
      input: { kind: 'file', bytes: Buffer.from(CSV) },
      options: {},
    },
  })
  expect(preview.problems).toEqual([])
  expect(preview.counts).toMatchObject({ new: 3, problem: 0 })
  expect(await dumpTables(database)).toEqual(empty)

  const first = await run(CSV)
  expect(first.changes).toEqual(preview.changes)
  const full = await dumpTables(database)
  expect(full['asterisk.ps_endpoints']).toHaveLength(3)
  expect(full['asterisk.extensions']).toHaveLength(4)

  const second = await run(CSV)
  expect(second.counts).toMatchObject({ new: 0, changed: 0, unchanged: 3, problem: 0 })
  expect(second.changes).toEqual({ create: 0, update: 0, delete: 0 })
  expect(await dumpTables(database)).toEqual(full)

  expect(await undoImport(desk, desk.acme, first.import!, 'test')).toMatchObject({ undone: 3, kept: [] })
  expect(await dumpTables(database)).toEqual(empty)
})

test('a changed cell is shown, and with --update changes only its rows', async () => {
  const first = await run(CSV)
  const before = await dumpTables(database)
  const edited = CSV.replace('Clark', 'Clarke')
  expect(await run(edited)).toMatchObject({ counts: { changed: 1, unchanged: 2 }, changes: { update: 0 }, heldBack: 1 })
  expect(await dumpTables(database)).toEqual(before)
  const updated = await run(edited, { update: true })
  const touched = updated.shown.flatMap(({ changes }) => changes.map(({ table }) => table)).sort()
  expect(touched).toEqual([
    'asterisk.ps_endpoints',
    'asterisk.voicemail',
    'offhook.directory_entries',
    'offhook.extensions',
    'offhook.users',
  ])
  expect(await undoImport(desk, desk.acme, updated.import!, 'test')).toMatchObject({ kept: [] })
  expect(await dumpTables(database)).toEqual(before)
  await undoImport(desk, desk.acme, first.import!, 'test')
})

test('a PIN that somebody changed by phone survives a re-import, an undo of others and a drift check', async () => {
  const first = await run(CSV)
  await database.query(`update asterisk.voicemail set password = '2468' where mailbox = '1001'`)
  expect((await run(CSV, { update: true })).changes).toEqual({ create: 0, update: 0, delete: 0 })
  expect((await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).changes).toEqual([])
  const set = await run('extension,voicemail_pin\n1001,97531\n', { update: true })
  expect(set.problems).toEqual([])
  const { rows } = await database.query(`select password from asterisk.voicemail where mailbox = '1001'`)
  expect(rows).toEqual([{ password: '97531' }])
  await undoImport(desk, desk.acme, set.import!, 'test')
  await undoImport(desk, desk.acme, first.import!, 'test')
})

test('hand edits in Asterisk are found and repaired, and hand-made rows are never touched', async () => {
  const first = await run(CSV)
  const clean = await dumpTables(database)
  await database.query(`update asterisk.ps_endpoints set context = 'elsewhere' where id = '1001-acme'`)
  await database.query(`delete from asterisk.ps_aors where id = '1002-acme'`)
  await database.query(`insert into asterisk.ps_aors (id) values ('handmade')`)
  const found = await findDrift(desk, desk.acme, { fix: false, actor: 'test' })
  expect(found.changes.map(({ table, key }) => `${table} ${key}`).sort()).toEqual([
    'asterisk.ps_aors 1002-acme',
    'asterisk.ps_endpoints 1001-acme',
  ])
  await findDrift(desk, desk.acme, { fix: true, actor: 'test' })
  await database.query(`delete from asterisk.ps_aors where id = 'handmade'`)
  expect(await dumpTables(database)).toEqual(clean)
  await undoImport(desk, desk.acme, first.import!, 'test')
})

test('a row that was there before us blocks its person, or is adopted and given back by undo', async () => {
  await database.query(`insert into asterisk.ps_endpoints (id, context, allow) values ('1001-acme', 'legacy', 'opus')`)
  const before = await dumpTables(database)
  const refused = await run(CSV)
  expect(refused.state).toBe('refused')
  expect(refused.problems).toMatchObject([{ row: 1, code: 'not-ours' }])
  expect(await dumpTables(database)).toEqual(before)
  const adopted = await run(CSV, { adopt: true })
  expect(adopted.counts).toMatchObject({ new: 3, problem: 0 })
  await undoImport(desk, desk.acme, adopted.import!, 'test')
  expect(await dumpTables(database)).toEqual(before)
  await database.query(`delete from asterisk.ps_endpoints where id = '1001-acme'`)
})

test('two tenants may both have extension 1001, but not the same phone or public number', async () => {
  const first = await run(CSV)
  const other = await run(
    'extension,last_name,mac,model,did\n1001,Zorn,001565abcd01,T46U,+493012345001\n',
    {},
    desk.zeta,
  )
  expect(other.problems.map(({ code }) => code).sort()).toEqual(['did-taken', 'mac-taken'])
  const inside = await run('extension,last_name,did,groups\n1042,Zorn,+493012345001,Nobody\n')
  expect(inside.problems.map(({ code }) => code).sort()).toEqual(['did-taken', 'group-unknown'])
  for (const { suggestion } of [...other.problems, ...inside.problems]) expect(suggestion).toMatch(/\w/)
  const second = await run('extension,last_name\n1001,Zorn\n', {}, desk.zeta)
  expect(second.counts.new).toBe(1)
  await undoImport(desk, desk.zeta, second.import!, 'test')
  await undoImport(desk, desk.acme, first.import!, 'test')
})

test('undo keeps and lists who was edited since', async () => {
  const first = await run(CSV)
  await run('extension,first_name\n1003,Chloe\n', { update: true })
  const undone = await undoImport(desk, desk.acme, first.import!, 'test')
  expect(undone).toMatchObject({ undone: 2, kept: ['Cleo Clark (1003)'] })
  const pruned = await run('extension,last_name\n1009,Nine\n', { prune: true })
  expect(pruned.counts).toMatchObject({ new: 1, missing: 1 })
  await undoImport(desk, desk.acme, pruned.import!, 'test')
  await run('extension,last_name\n1009,Nine\n', { prune: true })
})

test('the same file applied at the same time is as if one came after the other', async () => {
  const outcomes = await Promise.all([run(CSV), run(CSV), run(CSV)])
  expect(outcomes.map(({ counts }) => counts.new).sort()).toEqual([0, 0, 3])
})

test('a phone may go from one person to another in one file, and undo gives it back', async () => {
  await run('extension,last_name\n9000,Last\n', { prune: true })
  const first = await run('extension,last_name,mac,model\n2001,A,001565000001,T46U\n2002,B,,\n')
  const before = await dumpTables(database)
  const moved = await run('extension,mac,model\n2001,-,\n2002,001565000001,T46U\n', { update: true })
  expect(moved.problems).toEqual([])
  const { rows } = await database.query(
    'select e.name from offhook.lines l join offhook.endpoints e on e.id = endpoint_id',
  )
  expect(rows).toEqual([{ name: '2002-acme' }])
  await undoImport(desk, desk.acme, moved.import!, 'test')
  expect(await dumpTables(database)).toEqual(before)
  await undoImport(desk, desk.acme, first.import!, 'test')
})

test('who loses telephony and the phone in one row leaves neither behind', async () => {
  const first = await run(CSV)
  const cut = 'extension,telephony,mac\n1001,no,-\n'
  const second = await run(cut, { update: true })
  const { rows } = await database.query(`select count(*)::int as phones from offhook.devices where mac is not null`)
  expect(rows).toEqual([{ phones: 0 }])
  expect((await run(cut, { update: true })).changes).toEqual({ create: 0, update: 0, delete: 0 })
  await undoImport(desk, desk.acme, second.import!, 'test')
  await undoImport(desk, desk.acme, first.import!, 'test')
})

test('a row whose keys mean two people changes neither', async () => {
  await run('extension,last_name\n9000,Last\n', { prune: true })
  await run('extension,last_name,email\n2001,A,a@example.org\n2002,B,b@example.org\n')
  const before = await dumpTables(database)
  const mixed = await run('extension,email\n2002,a@example.org\n', { update: true })
  expect(mixed.problems).toMatchObject([{ code: 'keys-disagree' }])
  expect(await dumpTables(database)).toEqual(before)
})

test('an extension that is cleared leaves its public number unassigned, and a shared phone outlives one of its people', async () => {
  await run('extension,last_name\n9000,Last\n', { prune: true })
  const before = await dumpTables(database)
  const first = await run(
    'extension,last_name,email,did,mac,model,line\n3001,A,a@example.org,+493012340001,001565000002,T46U,1\n3002,B,b@example.org,,001565000002,T46U,2\n',
  )
  expect(first.problems).toEqual([])
  const cleared = await run('email,extension\na@example.org,-\n', { update: true })
  expect(cleared.problems).toEqual([])
  const { rows } = await database.query(`select extension_id from offhook.dids where number = '+493012340001'`)
  expect(rows).toEqual([{ extension_id: null }])
  await undoImport(desk, desk.acme, cleared.import!, 'test')
  const pruned = await run('extension\n3002\n9000\n', { prune: true })
  expect(pruned.counts).toMatchObject({ missing: 1, unchanged: 2 })
  const left = await database.query('select position from offhook.lines')
  expect(left.rows).toEqual([{ position: 2 }])
  await undoImport(desk, desk.acme, pruned.import!, 'test')
  await undoImport(desk, desk.acme, first.import!, 'test')
  expect(await dumpTables(database)).toEqual(before)
})

test('more changes than a call takes arguments are taken back', async () => {
  const empty = await dumpTables(database)
  const first = await run('extension,first_name\n5901,Many\n')
  const { rows } = await database.query('select changes from offhook.import_changes where import_id = $1', [
    first.import,
  ])
  // What 25,000 people bring, at the price of one: a row's change that is repeated comes to the same.
  const changes = JSON.parse((rows[0] as { changes: string }).changes) as object[]
  const [small] = changes.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)
  const many = JSON.stringify([...changes, ...new Array<object>(200_000).fill(small!)])
  await database.query('update offhook.import_changes set changes = $2 where import_id = $1', [first.import, many])
  expect(await undoImport(desk, desk.acme, first.import!, 'test')).toMatchObject({ undone: 1, kept: [] })
  expect(await dumpTables(database)).toEqual(empty)
})

test('an import from before sql/0008 and 0012 is taken back', async () => {
  const empty = await dumpTables(database)
  const first = await run('extension,first_name\n5902,Old\n')
  const { rows } = await database.query('select changes, secrets from offhook.import_changes where import_id = $1', [
    first.import,
  ])
  const [{ changes: text, secrets }] = rows as [{ changes: string; secrets: Buffer }]
  const place = { tenant: 'acme', table: 'offhook.import_rows', row: `${first.import!}/1`, column: 'secrets' }
  expect(desk.vault.open(secrets, place).reveal()).toContain('[')
  const changes = JSON.parse(text) as { table: string; after: object }[]
  for (const { table, after } of changes) if (table === 'offhook.users') Object.assign(after, { groups: '["Sales"]' })
  await database.query('update offhook.import_changes set changes = $2 where import_id = $1', [
    ...[first.import, JSON.stringify(changes)],
  ])
  expect(await undoImport(desk, desk.acme, first.import!, 'test')).toMatchObject({ undone: 1, kept: [] })
  expect(await dumpTables(database)).toEqual(empty)
})
