import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, joinEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import { VARIABLES } from '../../src/config.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { type Ran, runOffhook, startOffhook } from './run-offhook.ts'

const PEOPLE = `extension,first_name,last_name,mac,model
1001,Ada,Abel,00:15:65:ab:cd:01,T46U
1002,Ben,Bell,,
`
const PHONE = '00-15-65-AB-CD-01'

let folder: string
/** Keeps the server up between commands, which would else start and stop it each time. */
let server: EmbeddedPostgres
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-cli-'))
  server = await joinEmbeddedPostgres(join(folder, 'data'))
  writeFileSync(join(folder, 'people.csv'), PEOPLE)
  expect(await offhook('migrate')).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await server.leave()
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, text?: string): string {
  const path = join(folder, name)
  if (text !== undefined) writeFileSync(path, text)
  return path
}

function environment(): Record<string, string> {
  return { OFFHOOK_DATA_DIR: join(folder, 'data') }
}

function offhook(...words: string[]): Promise<Ran> {
  return runOffhook(words, environment())
}

/** Runs commands that do not touch each other, at once: most of their time is starting. */
async function each(commands: Record<string, unknown>): Promise<void> {
  await Promise.all(
    Object.entries(commands).map(async ([words, expected]) => {
      expect(await json(...words.split(' ')), words).toEqual(expected)
    }),
  )
}

/** The one document that a command prints, and its exit code. */
async function json(...words: string[]): Promise<[code: number | null, document: unknown]> {
  const { code, stdout } = await offhook(...words, '--json')
  return [code, JSON.parse(stdout)]
}

const failure = (code: string) => ({ error: { code, message: expect.any(String) as string } })
const counts = { new: 0, changed: 0, unchanged: 0, missing: 0, problem: 0 }
const changes = { create: 0, update: 0, delete: 0 }
const some = expect.any(Number) as number

test('an import is previewed, applied, repeated, changed and taken back; the exit code tells what is left to do', async () => {
  const people = file('people.csv')
  const preview = { import: null, state: 'previewed', rows: 2, counts: { ...counts, new: 2 }, problems: [] }
  expect(await json('import', people)).toEqual([2, { ...preview, changes: { ...changes, create: some } }])
  const [code, applied] = await json('import', people, '--apply')
  expect([code, applied]).toEqual([
    0,
    { ...preview, import: some, state: 'applied', changes: { ...changes, create: some } },
  ])
  expect(await json('import', people)).toMatchObject([0, { counts: { ...counts, unchanged: 2 }, changes }])

  const changed = file('changed.csv', PEOPLE.replace('Bell', 'Ball'))
  expect(await json('import', changed)).toMatchObject([2, { counts: { ...counts, changed: 1, unchanged: 1 }, changes }])
  const [pending, told] = await json('import', changed, '--update')
  expect([pending, told]).toMatchObject([2, { state: 'previewed', changes: { update: some } }])
  const [, second] = await json('import', changed, '--update', '--apply')
  expect(second).toMatchObject({ state: 'applied', import: some })

  const [listed, imports] = await json('imports')
  expect([listed, imports]).toMatchObject([0, [{ state: 'applied', source: 'changed.csv' }, { source: 'people.csv' }]])
  const last = String((second as { import: number }).import)
  expect(await json('undo', last)).toEqual([0, { import: Number(last), undone: 1, kept: [] }])
  await each({
    [`undo ${last}`]: [1, failure('import-state')],
    'undo 99999999': [1, failure('import-unknown')],
    'undo x': [1, failure('input-invalid')],
  })
}, 60_000)

test('an import with problems names them all, writes the faulty rows, and applies the others only when told to', async () => {
  const faulty = file('faulty.csv', 'extension,last_name,voicemail_pin\n1003,Clark,\nx,Dole,\n1005,Ek,12\n')
  const out = file('errors.csv')
  const problem = (row: number, field: string) => ({
    ...{ row, field, code: expect.stringMatching(/^[a-z-]+$/) as string, message: expect.any(String) as string },
    suggestion: expect.any(String) as string,
  })
  const problems = [problem(2, 'extension'), problem(3, 'voicemail_pin')]
  const refused = { import: null, rows: 3, counts: { ...counts, new: 1, missing: some, problem: 2 }, problems }
  const created = { ...changes, create: some }
  expect(await json('import', faulty)).toEqual([1, { ...refused, state: 'previewed', changes: created }])
  expect(await json('import', faulty, '--apply')).toEqual([1, { ...refused, state: 'refused', changes: created }])
  const [code, partial] = await json('import', faulty, '--apply', '--only-valid', '--errors', out)
  expect([code, partial]).toEqual([1, { ...refused, import: some, state: 'applied', changes: created }])
  expect(readFileSync(out, 'utf8')).toMatch(/Dole/)
  expect(statSync(out).mode & 0o077).toBe(0)

  await each({
    [`import ${faulty} --errors /nowhere/errors.csv`]: [1, failure('file-unwritable')],
    [`import ${file('missing.csv')}`]: [1, failure('file-unreadable')],
    [`import ${folder}`]: [1, failure('file-unreadable')],
    [`import ${faulty} --set nonsense=1`]: [1, failure('input-invalid')],
    [`import ${faulty} --map nonsense=1`]: [1, failure('input-invalid')],
  })
  const garbled = await offhook('import', faulty, '--set', 'canary')
  expect(garbled).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/FIELD=VALUE/) as string })
  const unknown = await json('import', faulty, '--encoding', 'nonsense')
  expect(unknown).toMatchObject([1, {}])
  expect(JSON.stringify(unknown)).not.toContain('"bug"')
  const stdin = await runOffhook(['import', '-', '--json'], environment(), 'extension,last_name\n1009,Nine\n')
  expect([stdin.code, JSON.parse(stdin.stdout)]).toMatchObject([2, { counts: { new: 1 } }])
}, 60_000)

test('tenants are made once, listed, and kept apart', async () => {
  expect(await json('tenant', 'add', 'acme', '--name', 'Acme')).toMatchObject([0, { slug: 'acme', name: 'Acme' }])
  await each({
    'tenant add acme': [0, { id: some, slug: 'acme', name: 'Acme', defaults: {} }],
    'tenant add A_b': [1, failure('input-invalid')],
    'imports --tenant nobody': [1, failure('tenant-unknown')],
    '--tenant acme imports': [0, []],
    'trunk add carrier --match 192.0.2.10 --tenant acme': [0, { name: 'carrier', match: '192.0.2.10' }],
    'trunk add other --match example.org': [1, failure('input-invalid')],
  })
  await each({ 'trunk add carrier --match 192.0.2.10 --tenant acme': [1, failure('input-invalid')] })
  expect(await json('tenant', 'list')).toMatchObject([0, [{ slug: 'acme' }, { slug: 'default' }]])
}, 60_000)

test('phones are listed, shown, rendered, explained, released and given new addresses', async () => {
  const phone = { name: '001565abcd01', family: 'yealink', model: 'T46U' }
  const text = expect.any(String) as string
  await each({
    phones: [0, [{ ...phone, extensions: ['1001'], sealed_at: null }]],
    [`phone show ${PHONE}`]: [
      0,
      { ...phone, endpoints: ['1001-default'], address: expect.stringMatching(/^http:.*\/[\w-]{22}\/$/) as string },
    ],
    [`phone render ${PHONE} 001565abcd01.cfg`]: [
      0,
      { file: '001565abcd01.cfg', contentType: text, text: expect.stringContaining('1001-default') as string },
    ],
    [`phone explain ${PHONE}`]: [
      0,
      expect.arrayContaining([{ name: 'adminPassword', value: '***', origin: text }]) as unknown[],
    ],
    [`phone release ${PHONE}`]: [0, { phone: PHONE, closesAt: text }],
    'phone release all --minutes 5': [0, { phone: 'all', closesAt: text }],
    'phone release all --minutes x': [1, failure('input-invalid')],
    [`phone render ${PHONE} other.txt`]: [1, failure('input-invalid')],
    'phone show 001565ffffff': [1, failure('device-unknown')],
    [`phone resync ${PHONE}`]: [1, failure('ami-unreachable')],
  })
  await each({ [`phone rotate ${PHONE}`]: [0, { phone: PHONE }] })
}, 60_000)

test('drift is found, repaired and then gone', async () => {
  expect(await json('drift')).toEqual([0, { changes: [], problems: [], fixed: false }])
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`delete from asterisk.ps_aors where id = '1001-default'`)
  await client.end()
  const change = { verb: 'create', table: 'asterisk.ps_aors', key: '1001-default' }
  expect(await json('drift')).toEqual([2, { changes: [change], problems: [], fixed: false }])
  expect(await json('drift', '--fix')).toEqual([0, { changes: [change], problems: [], fixed: true }])
  expect(await json('drift')).toEqual([0, { changes: [], problems: [], fixed: false }])
}, 60_000)

test('the system tells its state: migrations, configuration, families', async () => {
  expect(await json('migrate')).toEqual([0, { done: [] }])
  const [code, config] = await json('config')
  expect(code).toBe(0)
  expect(Object.keys(config as object)).toEqual(VARIABLES.map(({ name }) => name))
  const [checked, families] = await json('check')
  expect([checked, families]).toMatchObject([0, { complaints: [], families: expect.any(Array) as unknown[] }])
  const bad = await runOffhook(['config', '--json'], { OFFHOOK_HTTP_PORT: 'canary', OFFHOOK_KEY: 'canary' })
  expect([bad.code, JSON.parse(bad.stdout)]).toEqual([1, failure('config-invalid')])
  expect(bad.stdout + bad.stderr).not.toContain('canary')
}, 60_000)

test('without --json, words go to people: results to standard output, failures to standard error', async () => {
  const listed = await offhook('tenant', 'list')
  expect(listed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^default +Default$/m) as string })
  const failed = await offhook('undo', 'x')
  expect(failed).toEqual({ code: 1, stdout: '', stderr: 'offhook: x is not the number of an import.\n' })
  const unknown = await offhook('frobnicate')
  expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/unknown command/) as string })
  expect(await offhook('--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/Usage: offhook/) as string })
}, 60_000)

test('a reader who has seen enough stops nothing', async () => {
  const { child, ended } = startOffhook(['config', '--json'], environment())
  child.stdout!.destroy()
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

test('the server serves until it is told to stop, and then leaves in good order', async () => {
  const port = await findFreePorts(2)
  const ports = { OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) }
  const { child, ended } = startOffhook(['serve'], { ...environment(), ...ports })
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
