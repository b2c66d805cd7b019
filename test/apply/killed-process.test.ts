import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { undoImport } from '../../src/people/undo-import.ts'
import { runOffhook, startOffhook } from '../cli/run-offhook.ts'
import { dumpTables, openDesk } from '../people/open-desk.ts'
import { type ChaosProxy, openChaosProxy } from '../support/chaos-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { countRuns } from '../support/runs.ts'
import { BEFORE, countRows, type Dump, dumpWhenQuiet, expectAllOrNothing, IMPORT, listHistory } from './site.ts'

const WORDS = ['import', '-', '--apply', '--update', '--tenant', 'acme', '--json']
const key = randomBytes(24).toString('hex')

let database: TestDatabase
let proxy: ChaosProxy
let desk: Awaited<ReturnType<typeof openDesk>>
let before: Dump
let after: Record<string, number>
/** What one undisturbed run takes. */
let runMs: number
let statements: number

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database, key)
  proxy = await openChaosProxy(database.asterisk.port, 'statement')
  const first = await runOffhook(WORDS, environment(), BEFORE)
  expect(JSON.parse(first.stdout)).toMatchObject({ state: 'applied', problems: [] })
  before = await dumpTables(database)
  proxy.arm()
  const startedMs = performance.now()
  await applyAndCheck()
  runMs = performance.now() - startedMs
  statements = proxy.said()
  after = countRows(await dumpTables(database))
  await takeBack()
})
afterAll(async () => {
  await desk.pool.end()
  await proxy.close()
  await database.close()
})

function environment(): Record<string, string> {
  const url = database.url.replace(`:${database.asterisk.port}/`, `:${proxy.port}/`)
  return { DATABASE_URL: url, OFFHOOK_KEY: key }
}

async function applyAndCheck(): Promise<void> {
  const ran = await runOffhook([...WORDS, '--prune'], environment(), IMPORT)
  expect(ran.stderr).toBe('')
  expect(JSON.parse(ran.stdout)).toMatchObject({ state: 'applied', problems: [] })
  expect(ran.code).toBe(0)
}

/** Undoes whatever import changed something last. */
async function takeBack(): Promise<void> {
  const { rows } = await database.query(
    `select max(import_id) as id from offhook.import_changes join offhook.imports i on i.id = import_id where state = 'applied'`,
  )
  await undoImport(desk, desk.acme, (rows[0] as { id: number }).id, 'test')
  expect(await dumpTables(database)).toEqual(before)
}

async function disturb(what: string, work: () => Promise<void>): Promise<boolean> {
  const history = (await listHistory(database)).states.length
  await work()
  const whole = await expectAllOrNothing(database, { before, after, history }, what)
  proxy.arm()
  if (whole) await takeBack()
  return whole
}

test('an import that is killed at any time has done all or nothing', async () => {
  let wholes = 0
  const runs = countRuns(20, 200)
  for (let run = 0; run < runs; run++) {
    // Most of the time goes into starting; the import itself is what shall be hit.
    const delayMs = runMs * (0.4 + 0.7 * ((run + Math.random()) / runs))
    const killed = await disturb(`killed after ${Math.round(delayMs)} ms of ${Math.round(runMs)}`, async () => {
      const { child, ended } = startOffhook([...WORDS, '--prune'], environment(), IMPORT)
      await Promise.race([sleep(delayMs), ended])
      child.kill('SIGKILL')
      await ended
      await dumpWhenQuiet(database)
    })
    if (killed) wholes++
  }
  expect(wholes).toBeLessThan(runs)
  await applyAndCheck()
  await takeBack()
}, 600_000)

test('an import whose database goes away says so, exits with 1, and is completed by running it again', async () => {
  const points = countRuns(4, statements)
  for (let point = 1; point <= points; point++) {
    const n = Math.round((statements * point) / points) - (point === points ? 1 : 0)
    await disturb(`cut after statement ${n} of ${statements}`, async () => {
      proxy.arm(n)
      const ran = await runOffhook([...WORDS, '--prune'], environment(), IMPORT)
      expect(ran.code, ran.stdout).toBe(1)
      expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: 'database-unreachable' } })
    })
  }
  await applyAndCheck()
  await takeBack()
}, 600_000)
