import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { undoImport } from '../../src/people/undo-import.ts'
import { dumpTables, openDesk } from '../people/open-desk.ts'
import { type ChaosProxy, openChaosProxy } from '../support/chaos-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { BEFORE, countRows, dumpWhenQuiet, expectAllOrNothing, IMPORT, listHistory } from './site.ts'

const UNIT = process.env['OFFHOOK_SOAK'] === '1' ? 'message' : 'statement'

let database: TestDatabase
let proxy: ChaosProxy
let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  proxy = await openChaosProxy(database.asterisk.port, UNIT)
  await run(desk, BEFORE)
})
afterAll(async () => {
  await desk.pool.end()
  await proxy.close()
  await database.close()
})

function run(on: typeof desk, text = IMPORT) {
  const options = { update: true, prune: text === IMPORT }
  return applyImport(on, {
    tenant: on.acme,
    source: 'people.csv',
    actor: 'test',
    input: { kind: 'file', bytes: Buffer.from(text) },
    options,
  })
}

/** Does `work` at a desk whose connections go through the proxy. */
async function throughProxy<T>(work: (fragile: typeof desk) => Promise<T>): Promise<T> {
  const url = database.url.replace(`:${database.asterisk.port}/`, `:${proxy.port}/`)
  const pool = createPool(url, 'offhook_app', { max: 2 })
  try {
    return await work({ ...desk, pool })
  } finally {
    await pool.end()
  }
}

/** Every point of a conversation in soak runs; else every so many, and all of its end, where the commit is. */
function listCuts(length: number): number[] {
  const step = process.env['OFFHOOK_SOAK'] === '1' ? 1 : 4
  return Array.from({ length }, (_, at) => at + 1).filter((n) => n % step === 0 || n > length - 5)
}

test('an import whose connection breaks at any point has done all or nothing, and is completed by running it again', async () => {
  const before = await dumpTables(database)
  const applied = await throughProxy((fragile) => run(fragile))
  expect(applied.problems).toEqual([])
  expect(applied.counts).toMatchObject({ new: 1, changed: 2, missing: 1 })
  const length = proxy.said()
  const after = countRows(await dumpTables(database))
  await undoImport(desk, desk.acme, applied.import!, 'test')
  expect(await dumpTables(database)).toEqual(before)

  let wholes = 0
  for (const n of listCuts(length)) {
    const history = (await listHistory(database)).states.length
    proxy.arm(n)
    const failed = await throughProxy((fragile) =>
      run(fragile).then(
        () => false,
        () => true,
      ),
    )
    const whole = await expectAllOrNothing(database, { before, after, history }, `cut after ${UNIT} ${n} of ${length}`)
    expect(whole || failed).toBe(true)
    if (!whole) continue
    wholes++
    expect((await run(desk)).changes).toEqual({ create: 0, update: 0, delete: 0 })
    await undoImport(desk, desk.acme, await lastImport(), 'test')
    expect(await dumpTables(database)).toEqual(before)
  }
  // A commit whose answer nobody heard: there must be one among the last cuts.
  expect(wholes).toBeGreaterThan(0)
  const again = await run(desk)
  expect(again.changes).toEqual(applied.changes)
  await undoImport(desk, desk.acme, again.import!, 'test')
  expect(await dumpTables(database)).toEqual(before)
}, 600_000)

test('an undo whose connection breaks at any point has taken back all or nothing, and can be repeated', async () => {
  const before = await dumpTables(database)
  const { import: id } = await run(desk)
  const full = await dumpTables(database)
  proxy.arm()
  await throughProxy((fragile) => undoImport(fragile, desk.acme, id!, 'test'))
  const length = proxy.said()
  expect(await dumpTables(database)).toEqual(before)

  let current = (await run(desk)).import!
  let filled = await dumpTables(database)
  expect(countRows(filled)).toEqual(countRows(full))
  for (const n of listCuts(length)) {
    proxy.arm(n)
    await throughProxy((fragile) => undoImport(fragile, desk.acme, current, 'test').catch(() => undefined))
    const dump = await dumpWhenQuiet(database)
    const { rows } = await database.query('select state from offhook.imports where id = $1', [current])
    const isUndone = (rows[0] as { state: string }).state === 'undone'
    expect(dump, `cut after ${UNIT} ${n} of ${length}`).toEqual(isUndone ? before : filled)
    if (!isUndone) continue
    current = (await run(desk)).import!
    filled = await dumpTables(database)
  }
  expect(await undoImport(desk, desk.acme, current, 'test')).toMatchObject({ kept: [] })
  expect(await dumpTables(database)).toEqual(before)
}, 600_000)

/** The last import that changed something. */
async function lastImport(): Promise<number> {
  const { rows } = await database.query(
    `select max(import_id) as id from offhook.import_changes join offhook.imports i on i.id = import_id where state = 'applied'`,
  )
  return (rows[0] as { id: number }).id
}
