import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openDesk } from '../test/people/open-desk.ts'
import { learnRefusal } from '../test/rivers/pipeline.ts'
import { askAll, CONTACTS_EACH, makeUnknownPhones } from '../test/rivers/unknown-phones.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { startNginx } from './http/start-nginx.ts'
import { type Started, startOffhook } from './http/start-offhook.ts'
import type { BenchResult } from './result.ts'

const SIZES = [250, 500, 1_000] as const
const ROUNDS = 5
const CONNECTIONS = 100
const LEAST_PER_S = 1_000
/** Whoever searches a list of those who were there before takes twice as long for each phone of twice as many. */
const MOST_GROWTH = 1.5

type Size = (typeof SIZES)[number]
/** Milliseconds until everybody was answered, and until the database held every contact. */
type Times = { answeredMs: number; notedMs: number }

/** Phones of a maker that nobody knows, ten contacts each: what is answered and noted in a second, and that it stays so. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'offhook-first-boot-'))
  const database = await createTestDatabase()
  const started: Started[] = []
  try {
    const key = randomBytes(24).toString('hex')
    await (await openDesk(database, key)).pool.end()
    const offhook = await startOffhook(folder, database.url, key)
    started.push(offhook)
    await mkdir(join(folder, 'nothing'))
    const nginx = await startNginx(folder, join(folder, 'nothing'))
    started.push(nginx)
    const ours = new Map<Size, Times[]>(SIZES.map((size) => [size, []]))
    const theirs: number[] = []
    let next = 0
    for (let round = -1; round < ROUNDS; round++) {
      for (const size of SIZES) {
        const times = await bootAll(database, offhook.port, size, (next += 2_000))
        // The first round only warms up.
        if (round >= 0) ours.get(size)!.push(times)
      }
      const ms = await answerAll(nginx.port, 1_000, (next += 2_000))
      if (round >= 0) theirs.push(ms)
    }
    return report(ours, median(theirs))
  } finally {
    for (const server of started) await server.stop()
    await database.close()
    await rm(folder, { recursive: true })
  }
}

async function bootAll(database: TestDatabase, port: number, size: Size, first: number): Promise<Times> {
  const beganAtMs = performance.now()
  const answeredMs = await answerAll(port, size, first)
  const addresses = makeUnknownPhones(size, first).map(({ address }) => address)
  for (;;) {
    const { rows } = await database.query(
      'select coalesce(sum(contacts), 0)::int as n from offhook.waiting_phones where address = any ($1)',
      [addresses],
    )
    if ((rows as { n: number }[])[0]!.n >= size * CONTACTS_EACH) break
    if (performance.now() - beganAtMs > 60_000) throw new Error('not every contact is in the database')
    await pause(20)
  }
  return { answeredMs, notedMs: performance.now() - beganAtMs }
}

async function answerAll(port: number, count: number, first: number): Promise<number> {
  const phones = makeUnknownPhones(count, first)
  const refusal = await learnRefusal(port, '/nothing')
  const beganAtMs = performance.now()
  const others = await askAll(port, phones, CONNECTIONS, refusal)
  if (others.length > 0) throw new Error(`${others[0]!} got another answer`)
  return performance.now() - beganAtMs
}

function report(ours: ReadonlyMap<Size, Times[]>, nginxMs: number): BenchResult[] {
  const over = (size: Size, figure: keyof Times) => median(ours.get(size)!.map((times) => times[figure]))
  const perS = (size: Size, ms: number) => Math.round((size * CONTACTS_EACH) / (ms / 1000))
  const answered = perS(1_000, over(1_000, 'answeredMs'))
  const noted = perS(1_000, over(1_000, 'notedMs'))
  const growth = over(1_000, 'answeredMs') / (4 * over(250, 'answeredMs'))
  const name = (what: string) => `first boot, 1,000 unknown phones, ${what}`
  return [
    {
      ...{ name: name('contacts answered beside nginx that has no files'), ours: answered, peer: perS(1_000, nginxMs) },
      ...{ unit: 'contacts/s', ratio: round2(answered / perS(1_000, nginxMs)), bar: `ours >= ${LEAST_PER_S}` },
      pass: answered >= LEAST_PER_S,
    },
    {
      ...{ name: name('contacts answered and in the database'), ours: noted, peer: LEAST_PER_S, unit: 'contacts/s' },
      ...{ ratio: round2(noted / LEAST_PER_S), bar: '>= 1', pass: noted >= LEAST_PER_S },
    },
    {
      ...{ name: name('time beside four times that of 250'), ours: Math.round(over(1_000, 'answeredMs')) },
      ...{ peer: Math.round(4 * over(250, 'answeredMs')), unit: 'ms', ratio: round2(growth) },
      ...{ bar: `<= ${MOST_GROWTH}`, pass: growth <= MOST_GROWTH },
    },
  ]
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
