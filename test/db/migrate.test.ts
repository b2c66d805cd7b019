import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'
import { createPool, inTransaction } from '../../src/db/pool.ts'
import { openChaosProxy } from '../support/chaos-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { dumpSchema, SCHEMA_FILE } from '../support/dump-schema.ts'
import { countRuns } from '../support/runs.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
})
afterAll(() => database.close())

test('processes that migrate at the same time end with one complete schema', async () => {
  const runs = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)])
  expect(runs.flat().sort()).toEqual([...new Set(runs.flat())].sort())
  expect(await migrate(database.url)).toEqual([])
})

test('a file that was edited after it ran is refused', async () => {
  await database.query(`update offhook.migration_contents set sha256 = 'x' where name like '0003%'`)
  await expect(migrate(database.url)).rejects.toMatchObject({ code: 'migration-edited' })
  await database.query(`delete from offhook.migration_contents where sha256 = 'x'`)
})

test('a database of a newer version is refused', async () => {
  await database.query(`insert into offhook.migration_contents values ('9999_future.sql', 'x')`)
  await expect(migrate(database.url)).rejects.toMatchObject({ code: 'database-newer' })
  await database.query(`delete from offhook.migration_contents where name like '9999%'`)
})

test('a migration that is cut off at any point is completed by running it again', async () => {
  const proxy = await openChaosProxy(database.asterisk.port, 'statement')
  const urls = async (name: string) => {
    await database.query(`create database ${name}`)
    const url = database.url.replace(/\/postgres$/, `/${name}`)
    return { url, fragile: url.replace(`:${database.asterisk.port}/`, `:${proxy.port}/`) }
  }
  const whole = await urls('uncut')
  await migrate(whole.fragile)
  const length = proxy.said()
  const expected = readFileSync(SCHEMA_FILE, 'utf8')
  expect(await dumpSchema(whole.url)).toBe(expected)
  const cuts = countRuns(8, length - 1)
  for (let cut = 1; cut <= cuts; cut++) {
    const n = Math.round((cut * (length - 1)) / cuts)
    const { url, fragile } = await urls(`cut_${cut}`)
    proxy.arm(n)
    await migrate(fragile).catch((error: unknown) => expect(error).toMatchObject({ code: 'database-unreachable' }))
    await migrate(url)
    expect(await dumpSchema(url), `cut after statement ${n} of ${length}`).toBe(expected)
    await migrate(url)
  }
  await proxy.close()
}, 600_000)

test('the app sees and writes rows of its tenant only', async () => {
  const { rows } = await database.query(
    `insert into offhook.tenants (slug, name) values ('acme', 'Acme'), ('zeta', 'Zeta') returning id`,
  )
  const [acme, zeta] = (rows as { id: string }[]).map((row) => Number(row.id)) as [number, number]
  const pool = createPool(database.url, 'offhook_app')
  const insert = (tenantId: number) =>
    inTransaction(pool, acme, (client) =>
      client.query(`insert into users (tenant_id, username) values ($1, 'ada')`, [tenantId]),
    )
  await insert(acme)
  await expect(insert(zeta)).rejects.toThrow(/row-level security/)
  const count = async (tenantId: number | null) =>
    (await inTransaction(pool, tenantId, (client) => client.query('select from users'))).rowCount
  expect(await count(acme)).toBe(1)
  expect(await count(zeta)).toBe(0)
  expect(await count(null)).toBe(0)
  await pool.end()
})
