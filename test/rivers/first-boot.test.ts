import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEPT_WAITING } from '../../src/boot/write-story.ts'
import { makeFleet, writeFleetFile } from '../phones/fleet/make-fleet.ts'
import { countRuns } from '../support/runs.ts'
import { openServedSite, type ServedSite, until } from './open-served-site.ts'
import { learnRefusal } from './pipeline.ts'
import { askAll, CONTACTS_EACH, makeUnknownPhones } from './unknown-phones.ts'

const SIZES = [250, 500, 1_000].slice(0, countRuns(1, 3))
const CROWD = KEPT_WAITING.total + 500
const AT_ONCE = 100

let site: ServedSite
beforeAll(async () => {
  site = await openServedSite(writeFleetFile(makeFleet(5)))
}, 120_000)
afterAll(() => site.close())

type Waiting = { phones: number; contacts: number }

async function readWaiting(): Promise<Waiting> {
  const { rows } = await site.database.query(
    `select count(*)::int as phones, coalesce(sum(contacts), 0)::int as contacts from offhook.waiting_phones
     where address <> '127.0.0.1'`,
  )
  return (rows as [Waiting])[0]
}

test(
  `${SIZES.join(', then ')} phones of a maker that nobody knows boot: all are refused alike, and every contact is noted`,
  { timeout: countRuns(60_000, 300_000) },
  async () => {
    const refusal = await learnRefusal(site.port, '/')
    const told: string[] = []
    const memory = [site.rssMiB()]
    let before: Waiting = { phones: 0, contacts: 0 }
    for (const [round, count] of SIZES.entries()) {
      const phones = makeUnknownPhones(count, round * 10_000)
      const beganAtMs = performance.now()
      expect(await askAll(site.port, phones, AT_ONCE, refusal)).toEqual([])
      const answeredMs = performance.now() - beganAtMs
      const expected = { phones: before.phones + count, contacts: before.contacts + count * CONTACTS_EACH }
      await until('every contact to be noted', async () => (await readWaiting()).contacts >= expected.contacts)
      expect(await readWaiting()).toEqual(expected)
      const perS = Math.round((count * CONTACTS_EACH) / (answeredMs / 1000))
      told.push(`${count} in ${Math.round(answeredMs)} ms (${perS} contacts/s)`)
      memory.push(site.rssMiB())
      before = expected
    }
    const [first, ...later] = memory.map(Math.round)
    console.log(`unknown phones: ${told.join(', ')}; memory ${first} -> ${later.join(' -> ')} MiB`)
    expect(Math.max(...memory)).toBeLessThan(memory[0]! + 150)
  },
)

test(
  `${CROWD} unknown phones at as many addresses leave ${KEPT_WAITING.total} on the list, the latest ones`,
  { timeout: 120_000 },
  async () => {
    const refusal = await learnRefusal(site.port, '/')
    const crowd = makeUnknownPhones(CROWD, 50_000).map((phone) => ({ ...phone, paths: phone.paths.slice(0, 1) }))
    expect(await askAll(site.port, crowd, AT_ONCE, refusal)).toEqual([])
    const last = crowd.at(-1)!.address
    await until('the last one to be noted', async () => {
      const { rows } = await site.database.query('select 1 from offhook.waiting_phones where address = $1', [last])
      return rows.length === 1
    })
    await until('the list to be cut back', async () => (await readWaiting()).phones <= KEPT_WAITING.total)
    expect((await readWaiting()).phones).toBeGreaterThan(KEPT_WAITING.total - 10)
  },
)
