import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VARIABLES } from '../../src/config.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { failure, openInstallation, PEOPLE, some, text } from './open-installation.ts'
import { runOffhook, startOffhook } from './run-offhook.ts'

const PHONE = '00-15-65-AB-CD-01'

let site: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  site = await openInstallation()
  expect(await site.json('import', site.file('people.csv', PEOPLE), '--apply')).toMatchObject([0, { state: 'applied' }])
})
afterAll(() => site.close())

test('tenants are made once, listed, and kept apart', async () => {
  expect(await site.json('tenant', 'add', 'acme', '--name', 'Acme')).toMatchObject([0, { slug: 'acme', name: 'Acme' }])
  await site.each({
    'tenant add acme': [0, { id: some, slug: 'acme', name: 'Acme', defaults: {} }],
    'tenant add A_b': [1, failure('input-invalid')],
    'imports --tenant nobody': [1, failure('tenant-unknown')],
    '--tenant acme imports': [0, []],
    'trunk add carrier --match 192.0.2.10 --tenant acme': [0, { name: 'carrier', match: '192.0.2.10' }],
    'trunk add other --match example.org': [1, failure('input-invalid')],
  })
  await site.each({ 'trunk add carrier --match 192.0.2.10 --tenant acme': [1, failure('input-invalid')] })
  expect(await site.json('tenant', 'list')).toMatchObject([0, [{ slug: 'acme' }, { slug: 'default' }]])
}, 180_000)

test('phones are listed, shown, rendered, explained, released and given new addresses', async () => {
  const phone = { name: '001565abcd01', family: 'yealink', model: 'T46U' }
  await site.each({
    phones: [
      0,
      [
        {
          ...{ ...phone, extensions: ['1001'], sealed_at: null },
          ...{ state: 'unseen', last_contact: null, firmware: null },
        },
      ],
    ],
    'phones --waiting': [0, []],
    [`phone show ${PHONE}`]: [
      0,
      expect.objectContaining({
        ...{ ...phone, endpoints: ['1001-default'], state: 'unseen', contacts: [] },
        ...{ cause: 'It never asked for anything.', cure: expect.stringContaining('option 66') as string },
        address: expect.stringMatching(/^http:.*\/[\w-]{22}\/$/) as string,
      }),
    ],
    [`phone render ${PHONE} 001565abcd01.cfg`]: [
      0,
      { file: '001565abcd01.cfg', contentType: text, text: expect.stringContaining('1001-default') as string },
    ],
    [`phone explain ${PHONE}`]: [
      0,
      expect.arrayContaining([{ name: 'adminPassword', value: '***', origin: text, stops: null }]) as unknown[],
    ],
    [`phone release ${PHONE}`]: [0, { phone: PHONE, closesAt: text }],
    'phone release all --minutes 5': [0, { phone: 'all', closesAt: text }],
    'phone release all --minutes x': [1, failure('input-invalid')],
    [`phone render ${PHONE} other.txt`]: [1, failure('input-invalid')],
    'phone show 001565ffffff': [1, failure('device-unknown')],
    [`phone resync ${PHONE}`]: [1, failure('ami-unreachable')],
    'phone resync all': [1, failure('ami-unreachable')],
    'phone claim 001565abcd09 --user 1001': [1, failure('input-invalid')],
    'phone claim 001565abcd09 --user 1001 --model T46U --minutes x': [1, failure('input-invalid')],
    'dhcp --for kea': [
      0,
      expect.objectContaining({ server: 'kea', text: expect.stringContaining('yealink') as string }),
    ],
    'dhcp --for kea --address somewhere': [1, failure('input-invalid')],
  })
  await site.each({ [`phone rotate ${PHONE}`]: [0, { phone: PHONE, passwords: false }] })
  const claimed = { phone: '001565abcd09', model: 'T46U', closesAt: text }
  await site.each({ 'phone claim 00:15:65:ab:cd:09 --user 1001 --model t46u': [0, claimed] })
  await site.each({ 'phone remove 001565abcd09': [0, { phone: '001565abcd09', keep: false }] })
}, 180_000)

test('drift is found, repaired and then gone', async () => {
  expect(await site.json('drift')).toEqual([0, { changes: [], problems: [], fixed: false }])
  const client = new pg.Client({ connectionString: site.url })
  await client.connect()
  await client.query(`delete from asterisk.ps_aors where id = '1001-default'`)
  await client.end()
  const change = { verb: 'create', table: 'asterisk.ps_aors', key: '1001-default' }
  expect(await site.json('drift')).toEqual([2, { changes: [change], problems: [], fixed: false }])
  expect(await site.json('drift', '--fix')).toEqual([0, { changes: [change], problems: [], fixed: true }])
  expect(await site.json('drift')).toEqual([0, { changes: [], problems: [], fixed: false }])
}, 180_000)

test('a temporary password that cannot be opened is named, with the command that cures it', async () => {
  const faults = async () => {
    const [code, checked] = await site.json('check', '--stored')
    const { complaints } = checked as { complaints: { code: string; message: string }[] }
    return {
      code,
      messages: complaints.filter((each) => each.code === 'password-unreadable').map(({ message }) => message),
    }
  }
  expect((await faults()).messages).toEqual([])
  const client = new pg.Client({ connectionString: site.url })
  await client.connect()
  await client.query(
    `insert into offhook.users (tenant_id, username, password, password_fault_at)
     select id, 'lost', '\\x01', now() from offhook.tenants where slug = 'default'`,
  )
  expect(await faults()).toMatchObject({
    code: 1,
    messages: [expect.stringMatching(/of lost cannot be opened .*offhook user reissue lost --tenant default/)],
  })
  await client.query(`delete from offhook.users where username = 'lost'`)
  await client.end()
}, 180_000)

test('the system tells its state: migrations, configuration, families', async () => {
  expect(await site.json('migrate')).toEqual([0, { done: [] }])
  const [code, config] = await site.json('config')
  expect(code).toBe(0)
  expect(Object.keys(config as object)).toEqual(VARIABLES.map(({ name }) => name))
  const [checked, families] = await site.json('check')
  expect([checked, families]).toMatchObject([0, { complaints: [], families: expect.any(Array) as unknown[] }])
  const bad = await runOffhook(['config', '--json'], { OFFHOOK_HTTP_PORT: 'canary', OFFHOOK_KEY: 'canary' })
  expect([bad.code, JSON.parse(bad.stdout)]).toEqual([1, failure('config-invalid')])
  expect(bad.stdout + bad.stderr).not.toContain('canary')
}, 180_000)

test('without --json, words go to people: results to standard output, failures to standard error', async () => {
  const listed = await site.offhook(['tenant', 'list'])
  expect(listed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^default +Default$/m) as string })
  const failed = await site.offhook(['undo', 'x'])
  expect(failed).toEqual({ code: 1, stdout: '', stderr: 'offhook: x is not the number of an import.\n' })
  const all = (await site.offhook(['check'])).stdout.split('\n')
  expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(120)
  expect(all.join('\n')).toMatch(/\d+ families with \d+ models are sound/)
  const one = await site.offhook(['check', 'yealink'])
  expect(one).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^setting +Yealink\n[^]*\nT46U +16 +27 +3 of 60 keys +color$/m) as string,
  })
  expect(await site.json('check', 'yealnk')).toEqual([1, failure('input-invalid')])
  const unknown = await site.offhook(['frobnicate'])
  expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/unknown command/) as string })
  expect(await site.offhook(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Usage: offhook/) as string,
  })
}, 180_000)

test('a reader who has seen enough stops nothing', async () => {
  const { child, ended } = startOffhook(['config', '--json'], site.environment)
  child.stdout!.destroy()
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

test('the server serves until it is told to stop, and then leaves in good order', async () => {
  const port = await findFreePorts(2)
  const ports = { OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) }
  const { child, ended } = startOffhook(['serve'], { ...site.environment, ...ports })
  const address = `http://127.0.0.1:${port}/readyz`
  let status = 0
  for (let attempt = 0; attempt < 200 && status !== 200; attempt++) {
    status = await fetch(address).then(
      (response) => response.status,
      () => 0,
    )
    if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(status).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})
