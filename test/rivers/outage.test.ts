import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEPT_WAITING } from '../../src/boot/write-story.ts'
import { makeFleet, type Member, nameOf, writeFleetFile } from '../phones/fleet/make-fleet.ts'
import { countRuns } from '../support/runs.ts'
import { Random } from '../tftp/random-packets.ts'
import { fetchAsPhone, type Got } from './fetch-as-phone.ts'
import { openServedSite, type ServedSite, until } from './open-served-site.ts'
import { findOthers, learnRefusal, Pipeline } from './pipeline.ts'

const OUTAGE_MS = countRuns(20_000, 600_000)
/** In each second. Together more than may wait for the database. */
const STRANGERS = countRuns(2_500, 200)
const BATCH = 50

const random = new Random(20_261_122)
const fleet = makeFleet(140)
const [known, unseen] = [fleet.slice(0, 70), fleet.slice(70)]

let site: ServedSite
beforeAll(async () => {
  site = await openServedSite(writeFleetFile(fleet))
}, 120_000)
afterAll(() => site.close())

/** One boot with its token, all files of its maker in their order; what it got. */
async function boot(member: Member): Promise<Got[]> {
  const { trace, fetch, end } = fetchAsPhone(member.phone, false)
  try {
    await member.phone.boot(`${site.origin}/${site.devices.get(nameOf(member))!.token}/`, fetch)
  } finally {
    end()
  }
  expect(trace.faults).toEqual([])
  return trace.got
}

const bootAll = (members: readonly Member[]) => Promise.all(members.map(boot))

function drawStranger(): string {
  return `/001565${random.bytes(3).toString('hex')}.cfg`
}

/** Phones that nobody knows, and one that is known and shows nothing but its MAC address: all get the same. */
async function sendStrangers(pipeline: Pipeline, expected: Buffer): Promise<void> {
  const mine = `/${known[0]!.phone.mac!}.cfg`
  for (let sent = 0; sent < STRANGERS; sent += BATCH) {
    const paths = [mine, ...Array.from({ length: BATCH - 1 }, drawStranger)]
    const answers = await pipeline.ask(paths, paths.length * expected.length)
    expect(findOthers(paths, answers, expected)).toEqual([])
  }
}

test(
  `${OUTAGE_MS / 1000} s without a database: who is in memory boots as ever, all others are told nothing, and it ends by itself`,
  { timeout: OUTAGE_MS + 240_000 },
  async () => {
    const before = await bootAll(known)
    const refusal = await learnRefusal(site.port, drawStranger())
    const memory = [site.rssMiB()]
    let [rounds, strangers] = [0, 0]

    for (const end of ['cut', 'stall'] as const) {
      const untilMs = performance.now() + OUTAGE_MS / 2
      site.gate[end]()
      // No error page: as bare as the refusal, but a phone that reads it knows to ask again.
      const away = await learnAbsence(end)
      const newcomer = fetch(`${site.origin}/${site.devices.get(nameOf(unseen[0]!))!.token}/any.cfg`)
      const pipeline = await Pipeline.open(site.port)
      while (performance.now() < untilMs) {
        const [again] = await Promise.all([bootAll(known), sendStrangers(pipeline, away), pause(1_000)])
        expect(again).toEqual(before)
        rounds++
        strangers += STRANGERS
        memory.push(site.rssMiB())
      }
      pipeline.close()
      expect((await newcomer).status, 'who is in no memory hears that nobody can say, and soon enough').toBe(500)
    }

    site.gate.open()
    const openedAtMs = performance.now()
    await until('strangers to be refused again', async () =>
      (await learnRefusal(site.port, drawStranger())).equals(refusal),
    )
    await until('phones that were not in memory to be served', () =>
      bootAll(unseen).then(
        () => true,
        () => false,
      ),
    )
    const recoveredMs = performance.now() - openedAtMs
    expect(await bootAll(known)).toEqual(before)
    await until('the story to be written', async () => (await countRows()).sealed === fleet.length)
    const { waiting } = await countRows()
    expect(waiting).toBeGreaterThan(0)
    expect(waiting).toBeLessThanOrEqual(KEPT_WAITING.perSource + 1_000)
    console.log(
      `outage: ${rounds} rounds of ${known.length} phones and ${strangers} strangers, memory from ` +
        `${Math.round(memory[0]!)} to at most ${Math.round(Math.max(...memory))} MiB; back after ${Math.round(recoveredMs)} ms`,
    )
    expect(strangers).toBeGreaterThan(20_000)
    expect(Math.max(...memory)).toBeLessThan(memory[0]! + 200)
  },
)

/** What strangers get once the server has noticed. */
async function learnAbsence(end: string): Promise<Buffer> {
  let answer: Buffer = Buffer.alloc(0)
  await until(`the server to notice: ${end}`, async () => {
    answer = await learnRefusal(site.port, drawStranger())
    return answer.toString().startsWith('HTTP/1.1 500 ')
  })
  expect(answer.toString()).toMatch(/\r\nContent-Length: 0\r\n[^]*\r\n\r\n$/)
  return answer
}

async function countRows(): Promise<{ sealed: number; waiting: number }> {
  const { rows } = await site.database.query(
    `select (select count(*)::int from offhook.devices where sealed_at is not null) as sealed,
       (select count(*)::int from offhook.waiting_phones) as waiting`,
  )
  return (rows as [{ sealed: number; waiting: number }])[0]
}
