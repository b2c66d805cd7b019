import { setTimeout as sleep } from 'node:timers/promises'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPool } from '../../../src/db/pool.ts'
import type { Tenant } from '../../../src/db/tenants.ts'
import { AppError } from '../../../src/model/app-error.ts'
import type { PeopleDesk } from '../../../src/people/desk.ts'
import { approveImport } from '../../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../../src/people/stored-imports/create-import.ts'
import { viewImport } from '../../../src/people/stored-imports/view-import.ts'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { runOffhook } from '../../cli/run-offhook.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { countRuns } from '../../support/runs.ts'
import { importCsv } from '../import-csv.ts'
import { openDesk } from '../open-desk.ts'
import { expectWhole } from './expect-whole.ts'
import { exportAll } from '../export-all.ts'

/** What serves admins: a process of its own, as far as the database can tell. */
type Office = { owner: ReturnType<typeof createPool>; desk: PeopleDesk }

const key = randomBytes(24).toString('hex')
const OFFICES = 4
/** Whoever was there before is not named, and stays. */
const OTHERS = { changed: 0, missing: 1, problem: 0 }

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let offices: Office[]
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database, key)
  offices = Array.from({ length: OFFICES }, () => ({
    owner: createPool(database.url, 'owner', { max: 2 }),
    desk: { ...desk, pool: createPool(database.url, 'offhook_app', { max: 8 }) },
  }))
})
afterAll(async () => {
  for (const { owner, desk } of offices) await Promise.all([owner.end(), desk.pool.end()])
  await desk.pool.end()
  await database.close()
})
beforeEach(async () => {
  for (const tenant of [desk.acme, desk.zeta])
    await importCsv(desk, tenant, 'extension,last_name\n9000,Last\n', { prune: true })
})

const PEOPLE = Array.from({ length: 60 }, (_, n) => `${1001 + n},First${n},user${n}@example.org`)
const FILE = `extension,first_name,email\n${PEOPLE.join('\n')}\n`

function bring({ desk: at }: Office, actor: string, text: string): Promise<number> {
  return createImport(at, {
    ...{ tenant: desk.acme, source: `${actor}.csv`, actor, options: { update: true } },
    input: { kind: 'text', text },
  })
}

/** Works as the thread of each office does, until `done`; what is thrown is kept, and is none of it lost. */
async function whileWorking<T>(work: () => Promise<T>): Promise<{ result: T; errors: unknown[] }> {
  const errors: unknown[] = []
  let done = false
  const threads = offices.map(async ({ owner, desk: at }) => {
    while (!done) {
      const did = await workOnImport(owner, at).catch((error: unknown) => {
        errors.push(error)
        return null
      })
      if (!did) await sleep(15)
    }
  })
  try {
    return { result: await work(), errors }
  } finally {
    done = true
    await Promise.all(threads)
  }
}

async function until(id: number, ...states: string[]): Promise<string> {
  for (;;) {
    const { state } = await viewImport(desk, desk.acme, id)
    if (states.includes(state)) return state
    await sleep(25)
  }
}

/** An admin: brings, looks at the plan, approves, and looks again whenever the world was quicker. */
async function insist(office: Office, actor: string, text: string): Promise<{ id: number; looked: number }> {
  const id = await bring(office, actor, text)
  for (let looked = 1; ; looked++) {
    await until(id, 'planned')
    await approveImport(office.desk, desk.acme, id, { actor })
    const state = await until(id, 'applied', 'failed', 'planning', 'planned')
    if (state === 'applied') return { id, looked }
    const { note } = await viewImport(desk, desk.acme, id)
    expect(note, state).toMatch(/something else than when it was planned/)
  }
}

async function listPeople(tenant: Tenant): Promise<unknown[]> {
  const { rows } = await database.query(
    `select x.number, u.first_name, u.last_name, u.email, x.label from offhook.users u
       join offhook.extensions x on x.user_id = u.id where u.tenant_id = $1 order by 1`,
    [tenant.id],
  )
  return rows as unknown[]
}

test.each([2, 50])(
  '%i admins apply the same file at once: as if one had',
  async (admins) => {
    const startedMs = performance.now()
    const { result, errors } = await whileWorking(async () => {
      const actors = Array.from({ length: admins }, (_, n) => ({ office: offices[n % OFFICES]!, actor: `admin${n}` }))
      const ids = await Promise.all(actors.map(({ office, actor }) => bring(office, actor, FILE)))
      await Promise.all(ids.map((id) => until(id, 'planned')))
      await Promise.all(
        ids.map((id, n) => approveImport(actors[n]!.office.desk, desk.acme, id, { actor: actors[n]!.actor })),
      )
      return Promise.all(ids.map(async (id) => ({ id, state: await until(id, 'applied', 'failed', 'planned') })))
    })
    expect(errors).toEqual([])
    expect(result.filter(({ state }) => state !== 'applied')).toEqual([])
    const views = await Promise.all(result.map(({ id }) => viewImport(desk, desk.acme, id)))
    const doers = views.filter(({ counts }) => 'new' in counts && counts.new > 0)
    expect(doers.map(({ counts }) => counts)).toEqual([{ ...OTHERS, new: PEOPLE.length, unchanged: 0 }])
    const others = views.filter((view) => !doers.includes(view))
    for (const { counts } of others) expect(counts).toEqual({ ...OTHERS, new: 0, unchanged: PEOPLE.length })
    const { rows } = await database.query(
      `select (select count(*)::int from offhook.import_changes where import_id = any ($1) and import_id <> $2) as others,
       (select count(*)::int from offhook.mails where import_id = any ($1)) as mails`,
      [result.map(({ id }) => id), doers[0]!.id],
    )
    expect(rows).toEqual([{ others: 0, mails: PEOPLE.length }])
    await importCsv(desk, desk.zeta, FILE)
    expect(await listPeople(desk.acme)).toEqual(await listPeople(desk.zeta))
    await expectWhole(database, desk, desk.acme, `${admins} admins`)
    const tookMs = Math.round(performance.now() - startedMs)
    console.log(`${admins} admins: ${tookMs} ms`)
    expect(tookMs).toBeLessThan(60_000)
  },
  120_000,
)

test('two processes of two admins apply one import and its copy at once', async () => {
  const ids = [await bring(offices[0]!, 'ada', FILE), await bring(offices[1]!, 'bob', FILE)]
  for (const id of ids) await workOnImport(offices[0]!.owner, desk, { importId: id })
  const environment = { DATABASE_URL: database.url, OFFHOOK_KEY: key }
  const apply = (id: number) => runOffhook(['apply', String(id), '--tenant', 'acme', '--json'], environment)
  const [first, copy, same] = await Promise.all([apply(ids[0]!), apply(ids[1]!), apply(ids[0]!)])
  expect(JSON.parse(copy.stdout)).toMatchObject({ state: 'applied' })
  // Of two who apply the same, the second one either waits with the first, or comes too late and is told.
  expect([first, same].some(({ code }) => code === 0)).toBe(true)
  for (const { code, stdout } of [first, same]) {
    expect([0, 1]).toContain(code)
    expect(JSON.parse(stdout)).toMatchObject(code === 0 ? { state: 'applied' } : { error: { code: 'import-state' } })
  }
  const counts = await Promise.all(ids.map(async (id) => (await viewImport(desk, desk.acme, id)).counts))
  expect(counts.map((count) => ('new' in count ? count.new : null)).sort()).toEqual([0, PEOPLE.length])
}, 60_000)

test('admins with different files about the same people: the result is that of some order, one after the other', async () => {
  const rounds = countRuns(2, 30)
  for (let round = 0; round < rounds; round++) {
    await importCsv(desk, desk.acme, 'extension,last_name\n9000,Last\n', { prune: true })
    await importCsv(desk, desk.zeta, 'extension,last_name\n9000,Last\n', { prune: true })
    const admins = 10
    const files = Array.from({ length: admins }, (_, n) => {
      const numbers = Array.from({ length: 12 }, (_, at) => 2001 + at).filter(() => Math.random() < 0.6)
      const rows = (numbers.length > 0 ? numbers : [2001]).map((number) => `${number},By${n},Of${n}`)
      return `extension,first_name,last_name\n${rows.join('\n')}\n`
    })
    const { result, errors } = await whileWorking(() =>
      Promise.all(files.map((file, n) => insist(offices[n % OFFICES]!, `admin${n}`, file))),
    )
    expect(errors.map((error) => (error instanceof AppError ? error.code : error))).toEqual([])
    const { rows } = await database.query(
      `select object from offhook.audit where action = 'import' and object = any ($1) order by id`,
      [result.map(({ id }) => `import ${id}`)],
    )
    expect(rows).toHaveLength(admins)
    const order = (rows as { object: string }[]).map(({ object }) =>
      result.findIndex(({ id }) => object === `import ${id}`),
    )
    for (const n of order) await importCsv(desk, desk.zeta, files[n]!, { update: true })
    expect(await listPeople(desk.acme), files.join('\n')).toEqual(await listPeople(desk.zeta))
    await expectWhole(database, desk, desk.acme, `round ${round}`)
    expect((await exportAll(desk, desk.acme, 'csv')).equals(await exportAll(desk, desk.zeta, 'csv'))).toBe(true)
    const looked = result.map((each) => each.looked)
    console.log(`round ${round}: order ${order.join(' ')}, plans looked at ${looked.join(' ')}`)
  }
}, 1_800_000)
