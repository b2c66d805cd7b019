import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { readPeopleFrom } from '../import/read-people.ts'
import { AppError } from '../../src/model/app-error.ts'
import { findDrift } from '../../src/people/find-drift.ts'
import { addGroup } from '../../src/people/groups/edit-groups.ts'
import { approveImport } from '../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../src/people/stored-imports/create-import.ts'
import { viewImport } from '../../src/people/stored-imports/view-import.ts'
import { workOnImport } from '../../src/people/stored-imports/work-on-import.ts'
import { type RandomSource, randomSource } from '../import/random-source.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { countRuns } from '../support/runs.ts'
import { dumpTables, openDesk } from './open-desk.ts'
import { randomList, toCsv } from './random-list.ts'
import { expectWhole } from './stored-imports/expect-whole.ts'

/** A small file takes milliseconds; a machine that does other things beside may take its time. */
const READ_MS = 3_000
const APPLY_MS = 20_000
const HEAP_BYTES = 700e6
const SEED = Number(process.env['OFFHOOK_SEED'] ?? countRuns(20_261_122, Date.now() % 0x7fffffff))

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner', { max: 3 })
  await database.query(`insert into offhook.locations (tenant_id, name) select $1, unnest(array['Berlin', 'Paris'])`, [
    desk.acme.id,
  ])
  for (const name of ['Sales', 'Support']) await addGroup(desk, desk.acme, { name }, 'test')
})
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
})

/** Keeps the sums of a run and holds each file to its time and memory. */
function openTally(mostMs: number) {
  const sums = new Map<string, number>()
  let slowestMs = 0
  let heap = 0
  return {
    count: (name: string) => sums.set(name, (sums.get(name) ?? 0) + 1),
    async measure<T>(work: () => Promise<T>): Promise<T> {
      const startedMs = performance.now()
      const result = await work()
      const tookMs = performance.now() - startedMs
      slowestMs = Math.max(slowestMs, tookMs)
      heap = Math.max(heap, process.memoryUsage().heapUsed)
      expect(tookMs).toBeLessThan(mostMs)
      expect(heap).toBeLessThan(HEAP_BYTES)
      return result
    },
    print(what: string) {
      const list = [...sums].sort().map(([name, count]) => `${name} ${count}`)
      const most = `slowest ${Math.round(slowestMs)} ms, heap ${Math.round(heap / 1e6)} MB`
      console.log(`${what}, OFFHOOK_SEED=${SEED}: ${list.join(', ')}; ${most}`)
    },
  }
}

test('whatever is brought is read and checked, or refused with words that help', async () => {
  const tally = openTally(READ_MS)
  await fc.assert(
    fc.asyncProperty(randomSource, async ({ made, source }: RandomSource) => {
      const { people, faulty, rows, problems } = await tally.measure(() => readPeopleFrom(source))
      expect(people.length + faulty.length).toBe(rows)
      expect(problems.length > 0 || rows > 0).toBe(true)
      for (const { message, code } of problems) {
        expect(message.length, code).toBeGreaterThan(10)
        expect(message, code).not.toMatch(/[\0\r\n]/)
      }
      tally.count(made)
      tally.count(problems.length > 0 ? 'with problems' : 'without')
    }),
    { numRuns: countRuns(20_000, 120_000), seed: SEED },
  )
  tally.print('read and checked')
}, 3_600_000)

test('whatever is brought is applied or refused, and nobody is ever there by halves', async () => {
  const tally = openTally(APPLY_MS)
  const flags = fc.record({ update: fc.boolean(), prune: fc.oneof(fc.constant(false), fc.boolean()) })
  const good = randomList.map((list): RandomSource => {
    return { made: 'good csv', source: { kind: 'file', bytes: Buffer.from(toCsv(list)) } }
  })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(randomSource, good),
      flags,
      fc.boolean(),
      async ({ made, source }, options, onlyValid) => {
        const before = await dumpTables(database)
        const state = await tally.measure(() => storeAndApply(source, options, onlyValid))
        tally.count(made)
        tally.count(state)
        if (state !== 'applied') expect(await dumpTables(database)).toEqual(before)
        else await expectWhole(database, desk, desk.acme, made)
      },
    ),
    { numRuns: countRuns(20, 300), seed: SEED, endOnFailure: true },
  )
  tally.print('stored, planned and applied')
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [] })
}, 3_600_000)

async function storeAndApply(
  input: RandomSource['source'],
  options: { update: boolean; prune: boolean },
  onlyValid: boolean,
): Promise<'applied' | 'refused'> {
  const view = (id: number) => viewImport(desk, desk.acme, id)
  const id = await createImport(desk, { tenant: desk.acme, source: 'any', actor: 'test', input, options })
  await workOnImport(owner, desk)
  expect(await view(id)).toMatchObject({ state: 'planned', note: null })
  try {
    await approveImport(desk, desk.acme, id, { actor: 'test', onlyValid })
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'import-problems' })
    return 'refused'
  }
  await workOnImport(owner, desk)
  expect(await view(id)).toMatchObject({ state: 'applied', note: null })
  return 'applied'
}
