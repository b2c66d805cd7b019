import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRows } from '../../src/apply/read-rows.ts'
import { createPool, inTransaction } from '../../src/db/pool.ts'
import { Secret } from '../../src/model/secret.ts'
import { codecOf } from '../../src/people/desk.ts'
import { applyImport, previewImport } from '../../src/people/import-people.ts'
import { approveImport } from '../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../src/people/stored-imports/create-import.ts'
import { viewImport } from '../../src/people/stored-imports/view-import.ts'
import { workOnImport } from '../../src/people/stored-imports/work-on-import.ts'
import type { Row } from '../../src/plan/row.ts'
import { TABLE_NAMES } from '../../src/plan/tables.ts'
import { runOffhook } from '../cli/run-offhook.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openDesk } from './open-desk.ts'

const KEY = 'installation-key-canary-0123456789abcdef'
const PIN = '48151623'
const PASSWORD = 'canary-password-4711'
const SET_PASSWORD = 'canary-default-0815'
const BAD = { pin: 'canary-pin', password: 'canary\u0007' }

const GOOD = `extension,last_name,mac,model,voicemail_pin,password
1001,Abel,001565000001,T46U,${PIN},${PASSWORD}
1002,Bell,,Linphone,,
`
const FAULTY = `extension,last_name,voicemail_pin,password
1003,Clark,${BAD.pin},${BAD.password}
`

let folder: string
let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-secrets-'))
  writeFileSync(join(folder, 'good.csv'), GOOD)
  writeFileSync(join(folder, 'more.csv'), GOOD.replaceAll('100', '200').replaceAll('0015650000', '0015650002'))
  writeFileSync(join(folder, 'faulty.csv'), FAULTY)
  database = await createTestDatabase()
  desk = await openDesk(database, KEY)
})
afterAll(async () => {
  await desk.pool.end()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Every secret of the tenant in plain text, as the database has them now. */
async function listSecrets(): Promise<string[]> {
  return inTransaction(desk.pool, desk.acme.id, async (client) => {
    const all: Row[] = []
    for (const table of TABLE_NAMES) all.push(...(await readRows(client, table, 'true', [], codecOf(desk, desk.acme))))
    return all.flatMap((row) => Object.values(row).flatMap((value) => (value instanceof Secret ? value.reveal() : [])))
  })
}

function expectNone(text: string, secrets: readonly string[], where: string): void {
  for (const secret of new Set(secrets))
    for (const spelling of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')])
      expect(text.includes(spelling), `${where} holds a secret of ${secret.length} characters`).toBe(false)
}

test('neither plans, nor outcomes, nor anything stored beside its place shows a secret', async () => {
  const request = (csv: string) => ({
    ...{
      tenant: desk.acme,
      source: 'people.csv',
      actor: 'test',
      input: { kind: 'file' as const, bytes: Buffer.from(csv) },
    },
    options: { set: { password: SET_PASSWORD } },
  })
  const outcomes = [
    await previewImport(desk, request(GOOD)),
    await applyImport(desk, request(GOOD)),
    await applyImport(desk, request(FAULTY)),
  ]
  expect(outcomes.map(({ state }) => state)).toEqual(['previewed', 'applied', 'refused'])
  const secrets = [...(await listSecrets()), PIN, PASSWORD, SET_PASSWORD, BAD.pin, BAD.password, KEY]
  expect(secrets.length).toBeGreaterThan(12)
  for (const outcome of outcomes) {
    expectNone(JSON.stringify(outcome), secrets, 'JSON of an outcome')
    expectNone(
      inspect(outcome, { depth: null, showHidden: true, maxStringLength: null }),
      secrets,
      'print of an outcome',
    )
  }
  const { rows } = await database.query(
    `select string_agg(t::text, ' ') as text from (
       select to_jsonb(t) as t from offhook.imports t union all select to_jsonb(t) from offhook.import_changes t
       union all select to_jsonb(t) from offhook.import_rows t
       union all select to_jsonb(t) from offhook.audit t union all select to_jsonb(t) from offhook.outbox t
       union all select to_jsonb(t) from offhook.users t union all select to_jsonb(t) from offhook.endpoints t
       union all select to_jsonb(t) from offhook.mailboxes t union all select to_jsonb(t) from offhook.devices t
       union all select to_jsonb(t) from asterisk.ps_endpoints t union all select to_jsonb(t) from asterisk.ps_aors t) v`,
  )
  expectNone((rows[0] as { text: string }).text, secrets, 'the database')
  const auths = await database.query('select string_agg(to_jsonb(t)::text, $1) as text from asterisk.ps_auths t', [' '])
  const endpoints = secrets.filter((secret) => /^[A-Za-z0-9]{24}$/.test(secret))
  expect(endpoints.length).toBeGreaterThan(0)
  expectNone((auths.rows[0] as { text: string }).text, endpoints, 'ps_auths')
})

test('a stored import keeps secrets sealed that are stated for its people, and plans with them', async () => {
  const stated = { set: '48151601', defaults: '48151602', values: '48151603', term: 'canary term' }
  const id = await createImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'test' },
    input: { kind: 'text', text: `extension,last_name,voicemail_pin\n3001,Dean,\n3002,Ely,${stated.term}\n` },
    options: {
      set: { password: stated.set },
      defaults: { voicemail_pin: stated.defaults },
      values: { voicemail_pin: { [stated.term]: stated.values } },
    },
  })
  const owner = createPool(database.url, 'owner')
  const work = () => workOnImport(owner, desk, { importId: id })
  await work()
  expect(await viewImport(desk, desk.acme, id)).toMatchObject({ state: 'planned', counts: { new: 2, problem: 0 } })
  await approveImport(desk, desk.acme, id, { actor: 'test' })
  await work()
  expect(await viewImport(desk, desk.acme, id)).toMatchObject({ state: 'applied', counts: { new: 2 } })
  await owner.end()
  expect(await listSecrets()).toEqual(expect.arrayContaining([stated.set, stated.defaults, stated.values]))
  const { rows } = await database.query(
    `select string_agg(t::text, ' ') as text from (select to_jsonb(t) as t from offhook.imports t
       union all select to_jsonb(t) from offhook.import_rows t union all select to_jsonb(t) from offhook.audit t
       union all select to_jsonb(t) from offhook.remembered t) v`,
  )
  expectNone((rows[0] as { text: string }).text, Object.values(stated), 'the database')
})

test('no command prints a secret, whatever becomes of it', async () => {
  const env = { DATABASE_URL: database.url, OFFHOOK_KEY: KEY }
  const said: string[] = []
  const say = async (...words: string[]) => {
    for (const json of [[], ['--json']]) {
      const { stdout, stderr } = await runOffhook([...words, '--tenant', 'acme', ...json], env)
      said.push(stdout, stderr)
    }
  }
  await say('import', join(folder, 'more.csv'))
  await say('import', join(folder, 'more.csv'), '--apply', '--set', `password=${SET_PASSWORD}`)
  await say('import', join(folder, 'faulty.csv'), '--apply')
  await say('import', join(folder, 'more.csv'), '--update', '--set', 'voicemail_pin=9')
  await say('imports')
  await say('drift')
  await say('phones')
  await say('config')
  const text = said.join('\n')
  expect(text).toContain('2001')
  const urlPassword = new URL(database.url).password
  expectNone(
    text,
    [...(await listSecrets()), PIN, PASSWORD, SET_PASSWORD, BAD.pin, BAD.password, KEY, urlPassword],
    'output',
  )
}, 120_000)
