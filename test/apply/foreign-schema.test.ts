import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyImport } from '../../src/people/import-people.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { readSipPasswords } from '../people/sip-passwords.ts'
import { dumpTables, openDesk } from '../people/open-desk.ts'
import { runOffhook } from '../cli/run-offhook.ts'
import { type RunningAsterisk, startAsterisk } from '../support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { dumpSchema } from '../support/dump-schema.ts'
import { createForeignDatabase, foreignAsteriskSql } from '../support/foreign-asterisk.ts'
import { SipPhone } from '../support/sip/phone.ts'

const KEY = 'k'.repeat(40)

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let asterisk: RunningAsterisk | undefined
beforeAll(async () => {
  database = await createForeignDatabase()
  desk = await openDesk(database, KEY)
})
afterAll(async () => {
  await asterisk?.stop()
  await desk.pool.end()
  await database.close()
})

function run(csv: string) {
  const options = { update: true }
  return applyImport(desk, {
    tenant: desk.acme,
    source: 'x.csv',
    actor: 'test',
    input: { kind: 'file', bytes: Buffer.from(csv) },
    options,
  })
}

test('tables that were there before us keep their shape', async () => {
  const bare = await createTestDatabase({ migrated: false })
  await bare.query(foreignAsteriskSql())
  const shapeOf = async (url: string) => (await dumpSchema(url, 'asterisk')).replaceAll(/^(grant .*)?\n/gm, '')
  expect(await shapeOf(database.url)).toBe(await shapeOf(bare.url))
  await bare.close()
})

test('a password is stored as what this schema knows, and a phone registers with it', async () => {
  const outcome = await run('extension,last_name\n1001,Abel\n')
  expect(outcome.problems).toEqual([])
  const { rows } = await database.query('select auth_type, md5_cred, password, password_digest from asterisk.ps_auths')
  expect(rows).toEqual([
    {
      auth_type: 'md5',
      md5_cred: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      password: null,
      password_digest: null,
    },
  ])
  expect((await run('extension,last_name\n1001,Abel\n')).changes).toEqual({ create: 0, update: 0, delete: 0 })
  asterisk = await startAsterisk({
    ...{ database: database.asterisk, realm: desk.installation.realm, tenants: ['acme'] },
  })
  const password = (await readSipPasswords(desk, desk.acme)).get('1001-acme')!
  const phone = await SipPhone.open({ host: asterisk.host, port: asterisk.sipPort, user: '1001-acme', password })
  await phone.register()
  await phone.unregister()
  await phone.close()
})

test('what their columns cannot hold is a problem of that person, to the character', async () => {
  const before = await dumpTables(database)
  // "name" <1002>: nine characters besides the name.
  const fits = 'x'.repeat(31)
  const refused = await run(`extension,last_name\n1002,${fits}y\n1003,Clark\n`)
  expect(refused.state).toBe('refused')
  expect(refused.problems).toMatchObject([
    {
      row: 1,
      field: 'last_name',
      code: 'too-long-for-asterisk',
      message: expect.stringContaining('holds 40') as string,
    },
  ])
  expect(await dumpTables(database)).toEqual(before)
  const applied = await run(`extension,last_name\n1002,${fits}\n1003,Clark\n`)
  expect(applied.problems).toEqual([])
  const quoted = await run(`extension,last_name\n1003,"${'""'.repeat(16)}"\n`)
  expect(quoted.problems).toMatchObject([{ code: 'too-long-for-asterisk' }])
  await undoImport(desk, desk.acme, applied.import!, 'test')
  expect(await dumpTables(database)).toEqual(before)
})

test('a schema that lacks something is refused by name before anything is written', async () => {
  const bare = await createTestDatabase({ migrated: false })
  await bare.query(foreignAsteriskSql())
  await bare.query(
    `alter table asterisk.ps_auths drop column password_digest; alter table asterisk.ps_contacts drop column via_port;
     drop table asterisk.queue_members`,
  )
  const env = { DATABASE_URL: bare.url, OFFHOOK_KEY: KEY }
  const migrated = await runOffhook(['migrate', '--json'], env)
  expect(migrated.code).toBe(1)
  const { error } = JSON.parse(migrated.stdout) as { error: { code: string; message: string } }
  expect(error.code).toBe('asterisk-schema-incomplete')
  expect(error.message).toMatch(/ps_auths\.password_digest/)
  expect(error.message).toMatch(/ps_contacts\.via_port/)
  expect(error.message).toMatch(/the table queue_members/)
  const { rows } = await bare.query(`select from pg_tables where schemaname = 'offhook'`)
  expect(rows).toEqual([])
  await bare.close()

  const taken = await runOffhook(['tenant', 'list', '--json'], { DATABASE_URL: database.url, OFFHOOK_KEY: KEY })
  expect(taken).toMatchObject({ code: 0 })
  await database.query('alter table asterisk.ps_aors rename column qualify_frequency to gone')
  const later = await runOffhook(['tenant', 'list', '--json'], { DATABASE_URL: database.url, OFFHOOK_KEY: KEY })
  expect(later.code).toBe(1)
  expect(later.stdout).toMatch(/ps_aors\.qualify_frequency/)
  await database.query('alter table asterisk.ps_aors rename column gone to qualify_frequency')
})
