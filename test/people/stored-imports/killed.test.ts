import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportState, isDue } from '../../../src/db/imports.ts'
import { createPool } from '../../../src/db/pool.ts'
import { applyImport } from '../../../src/people/import-people.ts'
import { approveImport } from '../../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../../src/people/stored-imports/create-import.ts'
import { requestUndo } from '../../../src/people/stored-imports/request-undo.ts'
import { viewRows } from '../../../src/people/stored-imports/view-import.ts'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { undoImport } from '../../../src/people/undo-import.ts'
import { BEFORE, countRows, type Dump, dumpWhenQuiet, IMPORT } from '../../apply/site.ts'
import { startOffhook } from '../../cli/run-offhook.ts'
import { findFreePorts } from '../../support/asterisk/ports.ts'
import { type ChaosProxy, openChaosProxy } from '../../support/chaos-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { countRuns } from '../../support/runs.ts'
import { dumpTables, openDesk } from '../open-desk.ts'
import { expectWhole } from './expect-whole.ts'

const key = randomBytes(24).toString('hex')
const HURRY_MS = 30_000

let database: TestDatabase
let proxy: ChaosProxy
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let before: Dump
/** What one undisturbed run leaves. */
let after: Record<string, number>
let traces: Traces
let plan: unknown

/** What an import adds to tables that an undo leaves alone. */
type Traces = { audits: number; changes: number; mails: number; outbox: number }

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database, key)
  owner = createPool(database.url, 'owner', { max: 4 })
  proxy = await openChaosProxy(database.asterisk.port, 'statement')
  await applyImport(desk, {
    ...{ tenant: desk.acme, source: 'before.csv', actor: 'test', options: {} },
    input: { kind: 'file', bytes: Buffer.from(BEFORE) },
  })
  before = await dumpTables(database)
  const start = await markOutbox()
  const id = await bring()
  await workOff(id)
  plan = await readPlan(id)
  await approve(id)
  await workOff(id)
  after = countRows(await dumpTables(database))
  traces = await readTraces(id, start)
  expect(traces).toMatchObject({ audits: 1, changes: 4, mails: 2 })
  expect(traces.outbox).toBeGreaterThan(0)
  await takeBack(id)
})
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await proxy.close()
  await database.close()
})

function bring(): Promise<number> {
  const options = { update: true, prune: true, notify: 'admin@example.org' }
  return createImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'test', options },
    input: { kind: 'file', bytes: Buffer.from(IMPORT) },
  })
}

const approve = (id: number) => approveImport(desk, desk.acme, id, { actor: 'test' })

async function stateOf(id: number): Promise<ImportState> {
  const { rows } = await database.query('select state from offhook.imports where id = $1', [id])
  return (rows[0] as { state: ImportState }).state
}

/** Another process takes over; who was cut off lets go of the import once the server has noticed. */
async function workOff(id: number): Promise<void> {
  const deadline = performance.now() + HURRY_MS
  while (isDue(await stateOf(id))) {
    if (performance.now() > deadline) throw new Error(`import ${id} is still ${await stateOf(id)}`)
    if (!(await workOnImport(owner, desk, { importId: id }))) await sleep(10)
  }
}

async function readPlan(id: number): Promise<unknown> {
  const rows = await viewRows(desk, desk.acme, id, {})
  return rows.map(({ row, verdict, who, cells, problems }) => ({ row, verdict, who, cells, problems }))
}

async function markOutbox(): Promise<number> {
  const { rows } = await database.query('select coalesce(max(id), 0)::bigint as id from offhook.outbox')
  return (rows[0] as { id: number }).id
}

async function readTraces(id: number, start: number): Promise<Traces> {
  const { rows } = await database.query(
    `select (select count(*)::int from offhook.audit where action = 'import' and object = 'import ' || $1) as audits,
       (select count(*)::int from offhook.import_changes where import_id = $1::bigint) as changes,
       (select count(*)::int from offhook.mails where import_id = $1::bigint) as mails,
       (select count(*)::int from offhook.outbox where id > $2) as outbox`,
    [String(id), start],
  )
  return rows[0] as Traces
}

async function takeBack(id: number): Promise<void> {
  await undoImport(desk, desk.acme, id, 'test')
  expect(await dumpTables(database)).toEqual(before)
}

/** Now it is waiting, and nothing has happened, or it is done; in the end it was done once. */
async function expectAppliedOnce(id: number, start: number, what: string): Promise<boolean> {
  const dump = await dumpWhenQuiet(database)
  const state = await stateOf(id)
  expect(['planned', 'applying', 'applied'], what).toContain(state)
  if (state === 'applied') expect(countRows(dump), what).toEqual(after)
  else {
    expect(dump, what).toEqual(before)
    expect(await readTraces(id, start), what).toEqual({ audits: 0, changes: 0, mails: 0, outbox: 0 })
  }
  if (state === 'planned') await approve(id)
  await workOff(id)
  expect(await stateOf(id), what).toBe('applied')
  expect(countRows(await dumpTables(database)), what).toEqual(after)
  expect(await readTraces(id, start), what).toEqual(traces)
  await expectWhole(database, desk, desk.acme, what)
  await takeBack(id)
  return state === 'applied'
}

function throughProxy(): string {
  return database.url.replace(`:${database.asterisk.port}/`, `:${proxy.port}/`)
}

/** Work on an import by a process whose connections go through the proxy. */
async function workFragile(id: number): Promise<void> {
  const pools = [createPool(throughProxy(), 'owner', { max: 2 }), createPool(throughProxy(), 'offhook_app', { max: 2 })]
  try {
    await workOnImport(pools[0]!, { ...desk, pool: pools[1]! }, { importId: id }).catch(() => undefined)
  } finally {
    for (const pool of pools) await pool.end()
  }
}

/** Every statement in soak runs; else some over the whole length, and the last ones, for the commit is among them. */
function listCuts(length: number, sample: number, last: number): number[] {
  const step = countRuns(Math.max(1, Math.floor(length / sample)), 1)
  return Array.from({ length }, (_, at) => at + 1).filter((n) => n % step === 0 || n > length - last)
}

test('an approved import whose worker is cut off at any statement is applied once by the next one', async () => {
  const first = await bring()
  await workOff(first)
  await approve(first)
  proxy.arm()
  await workFragile(first)
  const length = proxy.said()
  expect(await stateOf(first)).toBe('applied')
  await takeBack(first)
  const cuts = listCuts(length, 12, 5)
  let wholes = 0
  for (const n of cuts) {
    const id = await bring()
    await workOff(id)
    await approve(id)
    const start = await markOutbox()
    proxy.arm(n)
    await workFragile(id)
    if (await expectAppliedOnce(id, start, `cut after statement ${n} of ${length}`)) wholes++
  }
  console.log(`apply: cut at ${cuts.length} of ${length} statements; ${wholes} times it was done already`)
  // A commit whose answer nobody heard, or what comes after it.
  expect(wholes).toBeGreaterThan(0)
  expect(wholes).toBeLessThan(cuts.length)
}, 1_800_000)

test('a planner that is cut off at any statement leaves no half plan, and the next one plans the same', async () => {
  const first = await bring()
  proxy.arm()
  await workFragile(first)
  const length = proxy.said()
  expect(await stateOf(first)).toBe('planned')
  const cuts = listCuts(length, 12, 5)
  let wholes = 0
  for (const n of cuts) {
    const what = `cut after statement ${n} of ${length}`
    const id = await bring()
    proxy.arm(n)
    await workFragile(id)
    expect(await dumpWhenQuiet(database), what).toEqual(before)
    const state = await stateOf(id)
    expect(['planning', 'planned'], what).toContain(state)
    expect(await readPlan(id), what).toEqual(state === 'planned' ? plan : [])
    if (state === 'planned') wholes++
    await workOff(id)
    expect(await stateOf(id), what).toBe('planned')
    expect(await readPlan(id), what).toEqual(plan)
  }
  console.log(`plan: cut at ${cuts.length} of ${length} statements; ${wholes} times it was done already`)
  expect(wholes).toBeGreaterThan(0)
  expect(wholes).toBeLessThan(cuts.length)
}, 1_800_000)

test('an undo whose worker is cut off at any statement is done once by the next one', async () => {
  const first = await bring()
  await workOff(first)
  await approve(first)
  await workOff(first)
  await requestUndo(desk, desk.acme, first, 'test')
  proxy.arm()
  await workFragile(first)
  const length = proxy.said()
  expect(await stateOf(first)).toBe('undone')
  expect(await dumpTables(database)).toEqual(before)
  const cuts = listCuts(length, 12, 5)
  let wholes = 0
  for (const n of cuts) {
    const what = `cut after statement ${n} of ${length}`
    const id = await bring()
    await workOff(id)
    await approve(id)
    await workOff(id)
    const filled = await dumpTables(database)
    await requestUndo(desk, desk.acme, id, 'test')
    proxy.arm(n)
    await workFragile(id)
    const dump = await dumpWhenQuiet(database)
    const state = await stateOf(id)
    expect(['undoing', 'undone'], what).toContain(state)
    expect(dump, what).toEqual(state === 'undone' ? before : filled)
    if (state === 'undone') wholes++
    await workOff(id)
    expect(await stateOf(id), what).toBe('undone')
    expect(await dumpTables(database), what).toEqual(before)
    const { rows } = await database.query(
      `select count(*)::int as n from offhook.audit where action = 'undo' and object = $1`,
      [`import ${id}`],
    )
    expect(rows, what).toEqual([{ n: 1 }])
  }
  console.log(`undo: cut at ${cuts.length} of ${length} statements; ${wholes} times it was done already`)
  expect(wholes).toBeGreaterThan(0)
  expect(wholes).toBeLessThan(cuts.length)
}, 1_800_000)

function environment(): Record<string, string> {
  return { DATABASE_URL: throughProxy(), OFFHOOK_KEY: key }
}

test('the command that applies is killed at any statement; given again, or left to others, it is done once', async () => {
  const words = (id: number) => ['apply', String(id), '--tenant', 'acme', '--json']
  const first = await bring()
  await workOff(first)
  proxy.arm()
  const ran = await startOffhook(words(first), environment()).ended
  expect(JSON.parse(ran.stdout), ran.stderr).toMatchObject({ import: first, state: 'applied' })
  const length = proxy.said()
  await takeBack(first)
  const cuts = listCuts(length, 3, 1)
  for (const n of cuts) {
    const what = `killed after statement ${n} of ${length}`
    const id = await bring()
    await workOff(id)
    const start = await markOutbox()
    const { child, ended } = startOffhook(words(id), environment())
    proxy.arm(n, () => child.kill('SIGKILL'))
    await ended
    proxy.arm()
    if (n % 2 === 0) {
      await dumpWhenQuiet(database)
      if ((await stateOf(id)) !== 'applied') {
        const again = await startOffhook(words(id), environment()).ended
        expect(JSON.parse(again.stdout), what).toMatchObject({ import: id, state: 'applied' })
      }
    }
    await expectAppliedOnce(id, start, what)
  }
  console.log(`offhook apply: killed at ${cuts.length} of ${length} statements`)
}, 3_600_000)

test('a server that is killed while its thread applies leaves the import to the next server', async () => {
  const runs = countRuns(2, 60)
  for (let run = 0; run < runs; run++) {
    const id = await bring()
    await workOff(id)
    const start = await markOutbox()
    proxy.arm()
    const doomed = await startServer()
    // Beside the import the server says little; its conversation is cut where the import is most of it.
    const n = 1 + Math.floor((run / runs) * 60)
    proxy.cutIn(n, () => doomed.child.kill('SIGKILL'))
    await approve(id)
    await Promise.race([doomed.ended, sleep(10_000)])
    doomed.child.kill('SIGKILL')
    await doomed.ended
    proxy.arm()
    const state = await stateOf(id)
    expect(['applying', 'applied'], `killed after statement ${n}`).toContain(state)
    const next = await startServer()
    const deadline = performance.now() + HURRY_MS
    while ((await stateOf(id)) === 'applying' && performance.now() < deadline) await sleep(50)
    next.child.kill('SIGTERM')
    expect(await next.ended).toMatchObject({ code: 0 })
    expect(await stateOf(id)).toBe('applied')
    await expectAppliedOnce(id, start, `server killed after statement ${n}`)
  }
}, 3_600_000)

async function startServer() {
  const http = await findFreePorts(2)
  const server = startOffhook(['serve'], {
    ...environment(),
    ...{ OFFHOOK_HTTP_PORT: String(http), OFFHOOK_PHONES_PORT: String(http + 1) },
  })
  const deadline = performance.now() + HURRY_MS
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${http}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return server
    if (performance.now() > deadline) throw new Error(`the server is not ready: ${(await server.ended).stderr}`)
    await sleep(50)
  }
}
