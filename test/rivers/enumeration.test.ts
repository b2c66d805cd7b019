import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFleet, writeFleetFile } from '../phones/fleet/make-fleet.ts'
import { spell } from '../phones/fleet/spell.ts'
import { families, familyOf } from '../phones/shipped.ts'
import { KEPT_CONTACTS, KEPT_WAITING } from '../../src/boot/write-story.ts'
import { countRuns } from '../support/runs.ts'
import { Random } from '../tftp/random-packets.ts'
import { openServedSite, type ServedSite } from './open-served-site.ts'
import { findOthers, learnRefusal, Pipeline } from './pipeline.ts'
import { compareByRank } from './rank-test.ts'

const NEIGHBOURS = 10_000
const STRANGERS = countRuns(40_000, 1_000_000)
/** Every so many carry a token of nobody, which costs a look into the database. */
const TOKEN_EVERY = 100
const CONNECTIONS = 8
const AT_ONCE = 64
/** Contacts that wait to be written, and garbage: it is the same after a million requests and after one and a half. */
const MOST_GROWTH_MIB = 350
const SAMPLES = countRuns(3_000, 10_000)

const seed = countRuns(20_261_122, Date.now() % 2 ** 31)
const random = new Random(seed)
const fleet = makeFleet(140)
const phones = fleet.flatMap(({ phone: { mac, family } }) => (mac === null ? [] : [{ mac, family }]))
const deviceFiles = families.flatMap(({ files }) =>
  files.filter(({ kind, pattern }) => kind === 'device' && pattern.source.includes('mac')),
)
const ouis = families.flatMap((family) => family.ouis)

let site: ServedSite
beforeAll(async () => {
  site = await openServedSite(writeFleetFile(fleet))
}, 120_000)
afterAll(() => site.close())

function drawMac(): string {
  const oui = random.below(2) === 0 ? random.pick(ouis) : ''
  return oui + random.bytes(6).toString('hex').slice(oui.length)
}

/** Everybody from the inventory, by every name that any maker knows, then who is near one of them, then anybody. */
function* listTargets(): Generator<string> {
  for (const { mac } of phones) for (const file of deviceFiles) yield `/${spell(file, mac)}`
  const middle = Number.parseInt(phones[0]!.mac, 16)
  for (let at = -NEIGHBOURS / 2; at < NEIGHBOURS / 2; at++)
    yield `/${spell(random.pick(deviceFiles), (middle + at).toString(16).padStart(12, '0'))}`
  for (let at = 0; at < STRANGERS; at++) {
    const path = `/${spell(random.pick(deviceFiles), drawMac())}`
    yield at % TOKEN_EVERY === 0 ? `/${randomBytes(16).toString('base64url')}${path}` : path
  }
}

function take(from: Generator<string>, most: number): string[] {
  const taken: string[] = []
  while (taken.length < most) {
    const next = from.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}

test(
  `${STRANGERS} strangers, ${NEIGHBOURS} neighbours and the phones themselves get one and the same answer, and no file`,
  { timeout: countRuns(120_000, 900_000) },
  async () => {
    const refusal = await learnRefusal(site.port, '/')
    expect(refusal.toString()).toMatch(/^HTTP\/1\.1 404 Not Found\r\n[^]*Content-Length: 0\r\n[^]*\r\n\r\n$/)
    const before = site.rssMiB()
    const beganAtMs = performance.now()
    const targets = listTargets()
    const others: string[] = []
    let asked = 0
    const lane = async () => {
      const pipeline = await Pipeline.open(site.port)
      for (;;) {
        const paths = take(targets, AT_ONCE)
        if (paths.length === 0) break
        others.push(...findOthers(paths, await pipeline.ask(paths, paths.length * refusal.length), refusal))
        asked += paths.length
        if (others.length > 0) break
      }
      pipeline.close()
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, lane))
    const seconds = (performance.now() - beganAtMs) / 1000
    const after = site.rssMiB()
    console.log(
      `enumeration, seed ${seed}: ${asked} requests in ${seconds.toFixed(1)} s (${Math.round(asked / seconds)}/s), ` +
        `memory ${Math.round(before)} -> ${Math.round(after)} MiB`,
    )
    expect(others.slice(0, 5)).toEqual([])
    expect(asked).toBe(phones.length * deviceFiles.length + NEIGHBOURS + STRANGERS)
    expect(after).toBeLessThan(before + MOST_GROWTH_MIB)
    const { rows } = await site.database.query(
      `select (select count(*)::int from offhook.waiting_phones) as waiting,
         (select coalesce(max(n), 0)::int from (select count(*) as n from offhook.device_contacts group by device_id) c) as told`,
    )
    const [{ waiting, told }] = rows as [{ waiting: number; told: number }]
    expect(waiting).toBeLessThanOrEqual(KEPT_WAITING.perSource + AT_ONCE * CONNECTIONS)
    expect(told).toBeLessThanOrEqual(2 * KEPT_CONTACTS)
  },
)

test(
  'how long a refusal takes does not tell whether a phone is in the inventory',
  { timeout: countRuns(60_000, 300_000) },
  async () => {
    const refusal = await learnRefusal(site.port, '/')
    const pipeline = await Pipeline.open(site.port)
    const time = async (path: string): Promise<number> => {
      const beganAt = process.hrtime.bigint()
      const answer = await pipeline.ask([path], refusal.length)
      const us = Number(process.hrtime.bigint() - beganAt) / 1000
      expect(findOthers([path], answer, refusal)).toEqual([])
      return us
    }
    // As many unknown ones as known ones: a path that comes again may take less time, whoever it is about.
    const pairs = phones.map(({ family, mac }) => {
      const file = familyOf(family).files.findLast(({ kind }) => kind === 'device')!
      const other = mac.slice(0, 7) + random.bytes(3).toString('hex').slice(1)
      return { mine: `/${spell(file, mac)}`, other: `/${spell(file, other)}` }
    })
    const times = { known: [] as number[], unknown: [] as number[], nobodysToken: [] as number[] }
    for (let at = -500; at < SAMPLES; at++) {
      const { mine, other } = random.pick(pairs)
      const asks: [keyof typeof times, string][] = [
        ['known', mine],
        ['unknown', other],
      ]
      if (random.below(2) === 0) asks.reverse()
      if (at % 10 === 0) asks.push(['nobodysToken', `/${randomBytes(16).toString('base64url')}${other}`])
      for (const [whose, path] of asks) {
        const us = await time(path)
        if (at >= 0) times[whose].push(us)
      }
    }
    pipeline.close()
    const { larger, deviation, medianDifference } = compareByRank(times.known, times.unknown)
    const control = compareByRank(times.nobodysToken, times.unknown)
    console.log(
      `known beside unknown: larger with ${larger.toFixed(4)} +- ${deviation.toFixed(4)}, medians differ by ` +
        `${medianDifference.toFixed(2)} µs; a look into the database beside none: ${control.larger.toFixed(4)}`,
    )
    expect(Math.abs(larger - 0.5)).toBeLessThan(7 * deviation)
    expect(Math.abs(medianDifference)).toBeLessThan(100)
    // What takes longer is seen: else this test would see nothing at all.
    expect(control.larger).toBeGreaterThan(0.7)
  },
)
