import { afterAll, beforeAll, expect, test } from 'vitest'
import { markPlanned } from '../../../src/db/imports.ts'
import { createPool, inTransaction } from '../../../src/db/pool.ts'
import type { ImportOptions } from '../../../src/people/open-import.ts'
import { applyImport } from '../../../src/people/import-people.ts'
import { eraseOldImports } from '../../../src/db/erase-imports.ts'
import { readStory } from '../../../src/people/phones/read-story.ts'
import { approveImport } from '../../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../../src/people/stored-imports/create-import.ts'
import { bringCorrections } from '../../../src/people/stored-imports/correct-import.ts'
import { editRows, repairRows } from '../../../src/people/stored-imports/edit-import.ts'
import { requestUndo } from '../../../src/people/stored-imports/request-undo.ts'
import { takeCredentials } from '../../../src/people/stored-imports/take-credentials.ts'
import { viewImport, viewRows } from '../../../src/people/stored-imports/view-import.ts'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { readImportErrors } from '../../../src/people/stored-imports/read-import-errors.ts'
import { removePeople } from '../../../src/people/remove-people.ts'
import { undoImport } from '../../../src/people/undo-import.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { dumpTables, openDesk } from '../open-desk.ts'

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner', { max: 4 })
})
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
})

function bring(text: string, options: ImportOptions = {}): Promise<number> {
  return createImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'ada', options, input: { kind: 'text', text } },
  })
}

async function workOff(): Promise<void> {
  while (await workOnImport(owner, desk)) continue
}

const approve = (id: number, onlyValid = false) => approveImport(desk, desk.acme, id, { actor: 'bob', onlyValid })
const view = (id: number) => viewImport(desk, desk.acme, id)

test('what was brought is planned, looked at, approved, applied and taken back', async () => {
  const before = await dumpTables(database)
  const id = await bring('extension,first_name,voicemail_pin,mac,model\n1001,Ada,4711,001565abcd01,T46U\n1002,Bob,,,\n')
  expect((await view(id)).state).toBe('planning')
  await workOnImport(owner, desk)
  expect(await view(id)).toMatchObject({
    state: 'planned',
    counts: { new: 2, changed: 0, unchanged: 0, missing: 0, problem: 0 },
    progress: { phase: 'done', done: 2 },
  })
  const [ada, bob] = await viewRows(desk, desk.acme, id, {})
  expect(ada).toMatchObject({ row: 1, verdict: 'new', who: 'Ada (1001)', problems: [] })
  expect(ada!.cells).toEqual({
    ...{ extension: '1001', first_name: 'Ada', voicemail_pin: '***', mac: '001565abcd01', model: 'T46U' },
  })
  expect(ada!.changes).toContainEqual({ table: 'asterisk.ps_endpoints', verb: 'create', key: '1001-acme', fields: {} })
  expect(bob!.changes.find(({ table }) => table === 'offhook.mailboxes')).toMatchObject({
    fields: { number: '1002', pin: '***' },
  })
  expect(await dumpTables(database)).toEqual(before)
  await approve(id)
  expect((await view(id)).state).toBe('applying')
  await workOnImport(owner, desk)
  expect((await view(id)).state).toBe('applied')
  expect((await database.query('select count(*)::int as n from asterisk.ps_endpoints')).rows).toEqual([{ n: 2 }])
  expect(await workOnImport(owner, desk)).toBe(null)
  await undoImport(desk, desk.acme, id, 'bob')
  expect(await dumpTables(database)).toEqual(before)
})

test('a plan that the world has overtaken is not applied but planned again, and says so', async () => {
  const id = await bring('extension,first_name\n1101,Cleo\n1102,Dan\n')
  await workOnImport(owner, desk)
  await applyImport(desk, {
    ...{ tenant: desk.acme, source: 'other', actor: 'eve', options: {} },
    input: { kind: 'rows', rows: [{ extension: 1102, first_name: 'Eve' }] },
  })
  await approve(id)
  await workOnImport(owner, desk)
  const stale = await view(id)
  expect(stale).toMatchObject({ state: 'planning' })
  expect(stale.note).toMatch(/something else than when it was planned/)
  await workOnImport(owner, desk)
  expect(await view(id)).toMatchObject({ state: 'planned', counts: { new: 1, changed: 1 } })
  expect((await viewRows(desk, desk.acme, id, { verdict: 'changed' }))[0]!.changes).toContainEqual({
    table: 'offhook.users',
    verb: 'update',
    fields: { first_name: ['Eve', 'Dan'] },
  })
})

test('the same file twice: the second one ends applied with nothing left to do', async () => {
  const text = 'extension,first_name\n1201,Fay\n1202,Gus\n'
  const [first, second] = [await bring(text), await bring(text)]
  await workOff()
  await approve(first)
  await approve(second)
  await workOff()
  expect(await view(second)).toMatchObject({ state: 'applied', counts: { new: 0, unchanged: 2 } })
  const { rows } = await database.query(`select count(*)::int as n from offhook.extensions where number like '12__'`)
  expect(rows).toEqual([{ n: 2 }])
})

test('with problems only the valid rows may be applied, and only when somebody says so', async () => {
  const id = await bring('extension,first_name,mac,model\n1301,Hal,nonsense,T46U\n1302,Ida,,\n')
  await workOnImport(owner, desk)
  await expect(approve(id)).rejects.toMatchObject({ code: 'import-problems' })
  const [faulty] = await viewRows(desk, desk.acme, id, { verdict: 'problem' })
  expect(faulty).toMatchObject({ row: 1, who: 'Hal', problems: [{ field: 'mac', code: 'mac-invalid' }] })
  await approve(id, true)
  await workOnImport(owner, desk)
  expect(await view(id)).toMatchObject({ state: 'applied', counts: { new: 1, problem: 1 } })
})

test('an import that is begun again and again and never ends is given up', async () => {
  const id = await bring('extension,first_name\n1401,Jon\n')
  await database.query('update offhook.imports set attempts = 5 where id = $1', [id])
  await workOnImport(owner, desk)
  expect(await view(id)).toMatchObject({ state: 'failed', note: expect.stringMatching(/5 times/) as string })
})

test('two processes never work on one import at once', async () => {
  const ids = [await bring('extension,first_name\n1501,Kim\n'), await bring('extension,first_name\n1502,Lea\n')]
  const works = await Promise.all([1, 2, 3, 4].map(() => workOnImport(owner, desk)))
  expect(works.flatMap((work) => work?.id ?? []).sort()).toEqual(ids)
})

test('what was brought is not readable in the database', async () => {
  const id = await bring('extension,first_name,password\n1601,Mia,correct-horse-battery\n', {
    set: { voicemail_pin: '86429' },
  })
  await workOnImport(owner, desk)
  const { rows } = await database.query(
    `select string_agg(t::text, ' ') as text from (select to_jsonb(t) as t from offhook.imports t
     union all select to_jsonb(t) from offhook.import_rows t) v`,
  )
  expect((rows[0] as { text: string }).text).not.toMatch(/correct-horse|86429/)
  await approve(id)
  await workOnImport(owner, desk)
  expect((await view(id)).state).toBe('applied')
})

test('a row is corrected, left out or added, and the plan follows', async () => {
  const id = await bring('extension,first_name,mac,model\n1701,Ned,nonsense,T46U\n1702,Olga,,\n1703,Pia,,\n')
  await workOff()
  const editor = { tenant: desk.acme, importId: id, actor: 'bob' }
  await editRows(desk, editor, new Map([[1, { values: { mac: '00:15:65:AB:CD:17' } }]]))
  await editRows(desk, editor, new Map([[3, { skip: true }], [4, { values: { extension: '1704', first_name: 'Quin' } }]])) // prettier-ignore
  await workOff()
  const rows = await viewRows(desk, desk.acme, id, {})
  expect(rows.map(({ row, verdict, who }) => [row, verdict, who])).toEqual([
    [1, 'new', 'Ned (1701)'],
    [2, 'new', 'Olga (1702)'],
    [4, 'new', 'Quin (1704)'],
  ])
  expect(rows[0]!.cells).toMatchObject({ mac: '00:15:65:AB:CD:17' })
  await approve(id)
  await workOff()
  const { rows: devices } = await database.query(`select mac from offhook.devices where mac = '001565abcd17'`)
  expect(devices).toHaveLength(1)
  await expect(editRows(desk, editor, new Map([[1, { skip: true }]]))).rejects.toMatchObject({ code: 'import-state' })
})

test('one repair cures all rows with that cause', async () => {
  const id = await bring('extension,first_name,mac,model\n1801,Rex,1565000181,T46U\n1802,Sue,1565000182,T46U\n')
  await workOff()
  expect((await view(id)).counts).toMatchObject({ problem: 2 })
  const cause = { field: 'mac', code: 'mac-damaged' } as const
  expect(await repairRows(desk, { tenant: desk.acme, importId: id, actor: 'bob' }, cause)).toBe(2)
  await workOff()
  const rows = await viewRows(desk, desk.acme, id, {})
  expect(rows.map(({ cells, verdict }) => [cells['mac'], verdict])).toEqual([
    ['001565000181', 'new'],
    ['001565000182', 'new'],
  ])
})

test('the file of problems goes back into the import that it came from', async () => {
  const id = await bring('extension,first_name,voicemail_pin\n1901,Tom,12\n1902,Uma,864297\nx,Vic,975318\n')
  await workOff()
  const file = await readImportErrors(desk, desk.acme, id)
  const text = file.toString('utf8')
  expect(text).toMatch(/"Row 1: voicemail_pin: /)
  expect(text).not.toMatch(/Uma/)
  const corrected = text.replace('"12"', '"731902"').replace('"x"', '"1903"')
  const editor = { tenant: desk.acme, importId: id, actor: 'bob' }
  await bringCorrections(desk, editor, Buffer.from(text.replace('"Row 1: ', '"Row 77: ')))
  expect((await view(id)).state).toBe('correcting')
  await expect(bringCorrections(desk, editor, Buffer.from(corrected))).rejects.toMatchObject({ code: 'import-state' })
  await workOff()
  expect(await view(id)).toMatchObject({
    ...{ state: 'planned', counts: { new: 1, problem: 2 }, note: 'Nothing was taken from the corrected file.' },
    refused: [{ row: 77, code: 'row-unknown' }],
  })
  await bringCorrections(desk, editor, Buffer.from(corrected))
  await workOff()
  expect(await view(id)).toMatchObject({ refused: [], note: null })
  expect(await view(id)).toMatchObject({ state: 'planned', counts: { new: 3, problem: 0 } })
})

test('what was decided about a file is remembered for the next, of the same admin before others', async () => {
  const text = (number: number) => `Nebenstelle,Rufname,Rolle\n${number},Wim,Vertrieb\n`
  const first = await bring(text(2001), { map: { first_name: 'Rufname' }, values: { role: { vertrieb: 'admin' } } })
  await workOff()
  await approve(first)
  await workOff()
  const second = await bring(text(2002))
  await workOff()
  const [row] = await viewRows(desk, desk.acme, second, {})
  expect(row).toMatchObject({ verdict: 'new', who: 'Wim (2002)' })
  expect(row!.changes.find(({ table }) => table === 'offhook.users')).toMatchObject({ fields: { role: 'admin' } })
})

test('an import is taken back in the background, by whoever asked, and who was edited since is kept', async () => {
  const before = await dumpTables(database)
  const id = await bring('extension,first_name\n2401,Abe\n2402,Bea\n')
  await workOff()
  await approve(id)
  await workOff()
  await database.query(`update offhook.users set first_name = 'Bee' where first_name = 'Bea'`)
  await requestUndo(desk, desk.acme, id, 'eve')
  expect((await view(id)).state).toBe('undoing')
  await expect(requestUndo(desk, desk.acme, id, 'eve')).rejects.toMatchObject({ code: 'import-state' })
  await workOff()
  expect(await view(id)).toMatchObject({
    ...{ state: 'undone', kept: ['Bea (2402)'], progress: { phase: 'done', done: 1, total: 2 } },
  })
  const { rows } = await database.query(
    `select actor from offhook.audit where action = 'undo' order by id desc limit 1`,
  )
  expect(rows).toEqual([{ actor: 'eve' }])
  await removePeople(desk, desk.acme, await idsOf('Bee'), { mailbox: 'delete', did: 'delete', device: 'delete' }, 'bob')
  const after = await dumpTables(database)
  delete after['offhook.spent_mailboxes']
  delete before['offhook.spent_mailboxes']
  expect(after).toEqual(before)
})

test('an undo that is begun again and again and never ends is given up, and the import stays applied', async () => {
  const id = await bring('extension,first_name\n2451,Abe\n')
  await workOff()
  await approve(id)
  await workOff()
  await requestUndo(desk, desk.acme, id, 'eve')
  await database.query('update offhook.imports set attempts = 5 where id = $1', [id])
  await workOff()
  expect(await view(id)).toMatchObject({ state: 'applied', note: 'It was begun 5 times and never finished.' })
  await requestUndo(desk, desk.acme, id, 'eve')
  await workOff()
  expect(await view(id)).toMatchObject({ state: 'undone', note: null })
})

async function idsOf(firstName: string): Promise<number[]> {
  const { rows } = await database.query('select id from offhook.users where first_name = $1', [firstName])
  return (rows as { id: number }[]).map(({ id }) => id)
}

test('credentials are handed out once, to whoever comes first', async () => {
  const id = await bring('extension,first_name,voicemail_pin\n2101,Xia,864213\n')
  await workOff()
  await approve(id)
  await workOff()
  const run = { sipHost: 'pbx.example.org', actor: 'bob' }
  const csv = (await takeCredentials(desk, desk.acme, id, run)).toString('utf8')
  expect(csv).toMatch(/"2101","Xia","","","2101","","864213","pbx.example.org","2101-acme","[A-Za-z0-9]{24}"/)
  await expect(takeCredentials(desk, desk.acme, id, run)).rejects.toMatchObject({ code: 'credentials-gone' })
})

test('what an import brought and wrote is erased in time; that it was stays', async () => {
  const [old, fresh] = [
    await bring('extension,first_name\n2201,Yan\n'),
    await bring('extension,first_name\n2202,Zoe\n'),
  ]
  await workOff()
  await approve(old)
  await workOff()
  await database.query(`update offhook.imports set applied_at = now() - interval '91 days' where id = $1`, [old])
  expect(await eraseOldImports(owner, 90)).toBe(1)
  expect(await view(old)).toMatchObject({ state: 'applied', source: 'people.csv', counts: { new: 1 } })
  expect(await viewRows(desk, desk.acme, old, {})).toEqual([])
  await expect(undoImport(desk, desk.acme, old, 'bob')).rejects.toMatchObject({ code: 'import-state' })
  expect(await viewRows(desk, desk.acme, fresh, {})).toHaveLength(1)
})

test('an erasure that breaks off is done another time, not half', async () => {
  const id = await bring('extension,first_name\n2251,Fay\n')
  await workOff()
  await database.query(`update offhook.imports set created_at = now() - interval '91 days' where id = $1`, [id])
  await database.query(
    `create function refuse_now() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
     create trigger refuse_now before delete on offhook.import_rows execute function refuse_now()`,
  )
  await expect(eraseOldImports(owner, 90)).rejects.toThrow('not now')
  await database.query('drop trigger refuse_now on offhook.import_rows')
  expect(await eraseOldImports(owner, 90)).toBe(1)
  expect(await viewRows(desk, desk.acme, id, {})).toEqual([])
})

test('a plan that comes late does not bring back an import that is over', async () => {
  const id = await bring('extension,first_name\n2261,Gil\n')
  await workOff()
  await database.query(`update offhook.imports set state = 'applied' where id = $1`, [id])
  const counts = { new: 1, changed: 0, unchanged: 0, missing: 0, problem: 0 }
  const late = { revision: 0, counts, problems: [], warnings: [], detected: {}, note: null, errors: null }
  await inTransaction(desk.pool, desk.acme.id, (client) => markPlanned(client, id, late))
  expect((await view(id)).state).toBe('applied')
  await database.query(`update offhook.imports set state = 'failed' where id = $1`, [id])
})

test('who gets a number whose mailbox name is spent is applied as planned', async () => {
  const text = 'extension,first_name\n2301,Abe\n'
  for (const round of [1, 2, 3]) {
    const id = await bring(text)
    await workOff()
    await approve(id)
    await workOff()
    expect(await view(id), `round ${round}`).toMatchObject({ state: 'applied', counts: { new: 1 } })
    const [row] = await viewRows(desk, desk.acme, id, {})
    const box = row!.changes.find(({ table }) => table === 'offhook.mailboxes')
    expect(box).toMatchObject({ fields: { number: round === 1 ? '2301' : '2301-…' } })
    const { rows } = await database.query(`select user_id from offhook.extensions where number = '2301'`)
    const [{ user_id: userId }] = rows as [{ user_id: number }]
    await removePeople(desk, desk.acme, [userId], { mailbox: 'delete', did: 'delete', device: 'delete' }, 'bob')
  }
})

test('a phone that waited for the import has what it asked for in its story, and others wait on', async () => {
  const mac = '001565abcd77'
  await database.query(
    `insert into offhook.waiting_phones (mac, address, first_at, last_at, contacts, transport, file, user_agent, outcome)
     select mac, '192.0.2.7', now(), now(), 3, 'http', mac || '.cfg', '', 'not-released'
     from unnest(array[$1, '001565abcd78']) as mac`,
    [mac],
  )
  const id = await bring(`extension,first_name,mac,model\n2401,Wim,${mac},T46U\n`)
  await workOff()
  expect((await database.query('select from offhook.waiting_phones')).rowCount).toBe(2)
  await approve(id)
  await workOff()
  expect((await readStory(desk, desk.acme, mac)).contacts).toMatchObject([{ outcome: 'unlisted', times: 3 }])
  expect((await database.query('select mac from offhook.waiting_phones')).rows).toEqual([{ mac: '001565abcd78' }])
})
