import { beforeEach, describe, expect, test } from 'vitest'
import type { ImportOutcome } from '../../src/people/import-outcome.ts'
import { applyImport, previewImport } from '../../src/people/import-people.ts'
import { addLocation } from '../../src/people/locations.ts'
import type { ImportOptions } from '../../src/people/open-import.ts'
import { setTenantDefaults } from '../../src/people/tenant-defaults.ts'
import { openTestDesk } from './open-test-desk.ts'
import { createTenant, type Tenant } from '../../src/db/tenants.ts'

const { database, desk } = await openTestDesk()
let tenant: Tenant
let made = 0
beforeEach(async () => {
  tenant = await createTenant({ query: database.query } as never, `office${++made}`, 'Office')
})

const source = (text: string) => ({ kind: 'file', bytes: Buffer.from(text) }) as const

function run(text: string, options: ImportOptions = {}): Promise<ImportOutcome> {
  return applyImport(desk, { tenant, source: 'people.csv', actor: 'test', input: source(text), options })
}

function set(changes: Record<string, string>) {
  return setTenantDefaults(desk, tenant, changes, 'test')
}

async function readColumn(sql: string): Promise<unknown[]> {
  const { rows } = await database.query(sql, [tenant.id])
  return rows.map((row) => Object.values(row as object)[0] as unknown)
}

const numbers = () =>
  readColumn(
    `select x.number from offhook.extensions x join offhook.users u on u.id = x.user_id
     where x.tenant_id = $1 order by u.email`,
  )

describe('somebody new without an extension gets the next free one', () => {
  test('the lowest first, none that a row of the file, Asterisk or the dialplan has, none that is reserved', async () => {
    await set({ extension_range: '1000-1009', reserved_numbers: '1004-1005' })
    await run('email,extension,last_name\nz@example.org,1001,Zoe\n')
    const { slug } = tenant
    await database.query(`insert into asterisk.ps_aors (id) values ($1)`, [`1002-${slug}`])
    await database.query(
      `insert into asterisk.extensions (context, exten, priority, app, appdata) values ($1, '1003', 1, 'Gosub', 'offhook-queue,s,1(sales,60,)')`,
      [`t-${slug}`],
    )
    const file = [
      'email,extension,last_name',
      'a@example.org,,A',
      'b@example.org,,B',
      'c@example.org,1000,C',
      'd@example.org,,D',
    ]
    const outcome = await run(file.join('\n'))
    expect(outcome).toMatchObject({ state: 'applied', problems: [], counts: { new: 4 } })
    expect(await numbers()).toEqual(['1006', '1007', '1000', '1008', '1001'])
    const again = await run(file.join('\n'), { update: true })
    expect(again.changes).toEqual({ create: 0, update: 0, delete: 0 })
  })

  test('from the range of the location, and from the next range when one is full', async () => {
    await set({ extension_range: '100-101, 300-309' })
    await addLocation(desk, tenant, { name: 'Wien', defaults: { extension_range: '0200-0299' } }, 'test')
    await run(
      [
        'email,location,last_name',
        'a@example.org,,A',
        'b@example.org,Wien,B',
        'c@example.org,,C',
        'd@example.org,,D',
      ].join('\n'),
    )
    expect(await numbers()).toEqual(['100', '0200', '101', '300'])
  })

  test('over the borders of chunks, each number once', async () => {
    await set({ extension_range: '2000-4999' })
    const rows = Array.from({ length: 1201 }, (_, at) => `p${at}@example.org,${at === 1100 ? 2000 : ''},P`)
    expect(await run(['email,extension,last_name', ...rows].join('\n'))).toMatchObject({ state: 'applied' })
    const given = await readColumn('select number from offhook.extensions where tenant_id = $1 order by number')
    expect(given).toEqual(Array.from({ length: 1201 }, (_, at) => String(2000 + at)))
  })

  test('and when none is left, the row says so and where to widen the range', async () => {
    await set({ extension_range: '1000-1001' })
    const outcome = await run('email,last_name\na@example.org,A\nb@example.org,B\nc@example.org,C\n')
    expect(outcome.state).toBe('refused')
    expect(outcome.problems).toMatchObject([{ row: 3, field: 'extension', code: 'range-exhausted' }])
    expect(outcome.problems[0]!.suggestion).toContain('extension_range (of the tenant)')
  })

  test('but not who has no telephony, nor who is there without one', async () => {
    await run('email,last_name\nold@example.org,Old\n')
    await set({ extension_range: '1000-1009' })
    await run('email,last_name,telephony\nold@example.org,Older,\nnew@example.org,New,no\n', { update: true })
    expect(await numbers()).toEqual([])
    await run('email,telephony\nnew@example.org,yes\n', { update: true })
    expect(await numbers()).toEqual(['1000'])
  })
})

describe('user names', () => {
  const names = () => readColumn('select username from offhook.users where tenant_id = $1 order by username')
  const FILE = 'email,extension,last_name\nada@example.org,1001,Abel\n'

  test('are e-mail addresses where no rule says otherwise', async () => {
    await run(FILE)
    expect(await names()).toEqual(['ada@example.org'])
  })

  test('are extensions, given ones included, behind the tenant where the rules say so', async () => {
    await set({ username_rule: 'extension', username_prefix: 'yes', extension_range: '1001-1999' })
    await run(`${FILE}ben@example.org,,Bell\n`)
    expect(await names()).toEqual([`${tenant.slug}-1001`, `${tenant.slug}-1002`])
  })

  test('of a column are required, and the same with and without the prefix', async () => {
    await set({ username_rule: 'column', username_prefix: 'yes' })
    expect((await run(FILE)).problems).toMatchObject([{ row: 1, field: 'username', code: 'username-missing' }])
    await run(`email,extension,last_name,username\nada@example.org,1001,Abel,ada\n`)
    expect(await names()).toEqual([`${tenant.slug}-ada`])
    expect((await run('extension,last_name,username\n1002,Bell,ada\n')).problems).toMatchObject([
      { row: 1, field: 'username', code: 'username-taken' },
    ])
    const again = await run(`email,username\nada@example.org,${tenant.slug}-ada\n`, { update: true })
    expect(again.counts).toMatchObject({ unchanged: 1 })
  })
})

describe('public numbers', () => {
  const FILE = 'extension,last_name,did\n1001,Abel,+493012345001\n'
  const callerIds = () => readColumn('select caller_id from offhook.extensions where tenant_id = $1 order by number')

  test('must be there where imports make none, and one that is given up waits for the next', async () => {
    await set({ create_dids: 'no' })
    expect((await run(FILE)).problems).toMatchObject([{ row: 1, field: 'did', code: 'did-unknown' }])
    await set({ create_dids: 'yes' })
    await run(FILE)
    await set({ create_dids: 'no' })
    await run('extension,did\n1001,-\n', { update: true })
    const { rows } = await database.query('select number, extension_id from offhook.dids where tenant_id = $1', [
      tenant.id,
    ])
    expect(rows).toEqual([{ number: '+493012345001', extension_id: null }])
    const { rowCount } = await database.query(
      `select from asterisk.extensions where context = 'did' and exten = '493012345001'`,
    )
    expect(rowCount).toBe(0)
    expect(await run('extension,last_name,did\n1002,Bell,+493012345001\n')).toMatchObject({ state: 'applied' })
    await run('extension,last_name\n1001,Abel\n', { prune: true })
    expect(await readColumn('select extension_id from offhook.dids where tenant_id = $1')).toEqual([null])
    await run('extension,did\n1001,+493012345001\n', { update: true })
    await run('extension,did\n1001,-\n', { update: true, set: { create_dids: 'yes' } })
    expect(await readColumn('select number from offhook.dids where tenant_id = $1')).toEqual([])
  })

  test('are what called people see where the rule says so, as long as nothing else was set', async () => {
    await set({ caller_id_is_did: 'yes' })
    await run(
      'extension,last_name,did,caller_id\n1001,Abel,+493012345001,\n1002,Bell,+493012345002,+49301234500\n1003,Cole,,\n',
    )
    expect(await callerIds()).toEqual(['+493012345001', '+49301234500', null])
    await run('extension,did\n1001,+493012345003\n1002,+493012345004\n', { update: true })
    expect(await callerIds()).toEqual(['+493012345003', '+49301234500', null])
    await run('extension,did\n1001,-\n', { update: true })
    expect(await callerIds()).toEqual([null, '+49301234500', null])
  })
})

describe('the default call script', () => {
  const FILE = 'extension,last_name\n1001,Abel\n'
  const route = async () => {
    const { rows } = await database.query('select appdata from asterisk.extensions where context = $1', [
      `t-${tenant.slug}`,
    ])
    return (rows as { appdata: string }[]).map(({ appdata }) => appdata)
  }

  test('rings and then goes to voicemail or hangs up, as the rules say; the mailbox stays', async () => {
    await set({ ring_seconds: '35', no_answer: 'hangup' })
    await run(FILE)
    expect(await route()).toEqual([`offhook-user,s,1(1001-${tenant.slug},35,)`])
    expect(await readColumn('select number from offhook.mailboxes where tenant_id = $1')).toEqual(['1001'])
  })

  test('of people who exist stays when the rule changes, unless an import states one', async () => {
    await run(FILE)
    await set({ ring_seconds: '35', no_answer: 'hangup' })
    expect(await run(FILE, { update: true })).toMatchObject({ counts: { unchanged: 1 } })
    await run(FILE, { update: true, set: { ring_seconds: '40' } })
    expect(await route()).toEqual([`offhook-user,s,1(1001-${tenant.slug},40,1001@${tenant.slug})`])
  })
})

test('a temporary password is made for who is new, as the rules say, and kept sealed', async () => {
  await set({ password_rule: 'temporary', password_length: '12', password_digits_only: 'yes' })
  const request = {
    ...{ tenant, source: 'people.csv', actor: 'test', options: {} },
    input: source('extension,last_name,password\n1001,Abel,\n1002,Bell,correct-horse\n'),
  }
  const preview = await previewImport(desk, request)
  const users = preview.shown.flatMap(({ changes }) => changes.filter(({ table }) => table === 'offhook.users'))
  const passwords = users.map(({ after }) => (after!['password'] as { reveal: () => string }).reveal())
  expect(passwords).toEqual([expect.stringMatching(/^\d{12}$/), 'correct-horse'])
  await applyImport(desk, request)
  const stored = await readColumn('select password from offhook.users where tenant_id = $1 order by id')
  expect(stored.every((password) => password instanceof Buffer)).toBe(true)
  const { rows } = await database.query('select detail from offhook.audit where tenant_id = $1', [tenant.id])
  const printed = JSON.stringify([preview.shown, rows])
  expect(printed).not.toContain('correct-horse')
})

test('where phones are not provisioned a MAC address makes none, and the person is made all the same', async () => {
  await set({ provisioning: 'no' })
  const outcome = await run('extension,last_name,mac,model\n1001,Abel,00:15:65:0a:0b:0c,T46U\n')
  expect(outcome).toMatchObject({ state: 'applied', counts: { new: 1 } })
  expect(await readColumn('select mac from offhook.devices where tenant_id = $1')).toEqual([])
})

test('an import states rules of its own: weaker ones as defaults, stronger ones for all rows', async () => {
  await set({ country: 'DE' })
  const file = 'extension,last_name,did\n1001,Abel,01 514 0001\n'
  expect(await run(file, { defaults: { country: 'AT', ring_seconds: '9' } })).toMatchObject({ state: 'applied' })
  expect(await readColumn('select number from offhook.dids where tenant_id = $1')).toEqual(['+4315140001'])
  expect(await readColumn('select ring_seconds from offhook.extensions where tenant_id = $1')).toEqual([9])
})

test('a row means a user by id, which leaves every key free to change; an unknown id is a problem', async () => {
  await run('external_id,extension,email,last_name\nx1,1001,ada@example.org,Abel\n')
  const [id] = (await readColumn('select id from offhook.users where tenant_id = $1')) as number[]
  const rename = 'external_id,extension,email,last_name\nx2,1002,bea@example.org,Bell\n'
  const renamed = await run(rename, { update: true, userIds: { 1: id! } })
  expect(renamed).toMatchObject({ state: 'applied', problems: [], counts: { changed: 1, new: 0 } })
  expect(await readColumn('select id from offhook.users where tenant_id = $1')).toEqual([id])
  expect(await run(rename, { userIds: { 1: 4711 } })).toMatchObject({
    state: 'refused',
    problems: [{ row: 1, code: 'user-unknown' }],
  })
})
