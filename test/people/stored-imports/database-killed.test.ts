import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createPool } from '../../../src/db/pool.ts'
import { startImportWorker } from '../../../src/jobs/import-worker.ts'
import { approveImport } from '../../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../../src/people/stored-imports/create-import.ts'
import { undoImport } from '../../../src/people/undo-import.ts'
import { type DatabaseCrasher, openDatabaseCrasher } from '../../support/crash-database.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { countRuns } from '../../support/runs.ts'
import { MODELS, openDesk } from '../open-desk.ts'
import { expectWhole } from './expect-whole.ts'

const key = randomBytes(24).toString('hex')
const PEOPLE = 400
const ROWS = Array.from({ length: PEOPLE }, (_, n) => `${1001 + n},First${n},user${n}@example.org`)
const WITHIN = { timeout: 60_000, interval: 25 }

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let crasher: DatabaseCrasher
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database, key)
  crasher = await openDatabaseCrasher(database)
})
afterAll(async () => {
  await desk.pool.end()
  await crasher.close()
  await database.close()
})

function bring(): Promise<number> {
  return createImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'ada', options: {} },
    input: { kind: 'text', text: `extension,first_name,email\n${ROWS.join('\n')}\n` },
  })
}

async function until(id: number, state: string): Promise<void> {
  await vi.waitFor(async () => {
    const { rows } = await database.query('select state, note from offhook.imports where id = $1', [id])
    expect(rows).toMatchObject([{ state }])
  }, WITHIN)
}

async function countPeople(): Promise<{ users: number; mails: number }> {
  const { rows } = await database.query(
    `select (select count(*)::int from offhook.users) as users, (select count(*)::int from offhook.mails) as mails`,
  )
  return rows[0] as { users: number; mails: number }
}

test('PostgreSQL is killed while an import is applied, and after its recovery the import is completed, once', async () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const worker = startImportWorker({ url: database.url, key, models: MODELS, log })
  try {
    const measured = await bring()
    await until(measured, 'planned')
    const startedMs = performance.now()
    await approveImport(desk, desk.acme, measured, { actor: 'ada' })
    await until(measured, 'applied')
    const tookMs = performance.now() - startedMs
    await undoImport(desk, desk.acme, measured, 'ada')
    let interrupted = 0
    const runs = countRuns(5, 60)
    for (let run = 0; run < runs; run++) {
      const id = await bring()
      await until(id, 'planned')
      await database.query('delete from offhook.mails')
      await approveImport(desk, desk.acme, id, { actor: 'ada' })
      const delayMs = tookMs * ((run + Math.random()) / runs)
      await sleep(delayMs)
      crasher.kill()
      await crasher.start()
      const what = `killed after ${Math.round(delayMs)} ms of ${Math.round(tookMs)}`
      const { users, mails } = await countPeople()
      expect([0, PEOPLE], what).toContain(users)
      expect(mails, what).toBe(users)
      if (users === 0) interrupted++
      await until(id, 'applied')
      expect(await countPeople(), what).toEqual({ users: PEOPLE, mails: PEOPLE })
      await expectWhole(database, desk, desk.acme, what)
      await undoImport(desk, desk.acme, id, 'ada')
    }
    console.log(
      `PostgreSQL killed ${runs} times within ${Math.round(tookMs)} ms; ${interrupted} times before the commit`,
    )
    expect(interrupted).toBeGreaterThan(0)
  } finally {
    await worker.close()
  }
}, 3_600_000)

test('planning goes on after PostgreSQL was killed, too', async () => {
  const owner = createPool(database.url, 'owner', { max: 1 })
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const worker = startImportWorker({ url: database.url, key, models: MODELS, log })
  try {
    const id = await bring()
    await sleep(Math.random() * 200)
    crasher.kill()
    await crasher.start()
    await until(id, 'planned')
    const { rows } = await owner.query('select count(*)::int as n from import_rows where import_id = $1', [id])
    expect(rows).toEqual([{ n: PEOPLE }])
  } finally {
    await worker.close()
    await owner.end()
  }
}, 120_000)
