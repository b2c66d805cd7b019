import { hash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Boot } from '../../src/boot/open-boot.ts'
import { Secret } from '../../src/model/secret.ts'
import { choose, identify } from '../../src/phones/identify.ts'
import { renderBootstrap } from '../../src/phones/render.ts'
import type { Booted } from '../phones/bases/phone.ts'
import { makeFleet, type Member, nameOf, writeFleetFile } from '../phones/fleet/make-fleet.ts'
import { familyOf, families } from '../phones/shipped.ts'
import { readSipPasswords } from '../people/sip-passwords.ts'
import { countRuns } from '../support/runs.ts'
import { fetchAsPhone, type Trace } from './fetch-as-phone.ts'
import { openServedSite, type ServedSite } from './open-served-site.ts'

const PHONES = countRuns(300, 10_000)
/** So many are under way at any time; who is done makes room for the next one. */
const AT_ONCE = 300

const fleet = makeFleet(PHONES)

let site: ServedSite
let passwords: ReadonlyMap<string, string>
beforeAll(async () => {
  site = await openServedSite(writeFleetFile(fleet))
  passwords = await readSipPasswords(site.desk, site.tenant)
}, 300_000)
afterAll(() => site.close())

type BootedPhone = { trace: Trace; member: Member; booted: Booted | null }

/** Everybody boots from where `startOf` says, all with the sequence of their maker. */
async function bootAll(startOf: (member: Member) => string): Promise<{ boots: BootedPhone[]; seconds: number }> {
  const queue = fleet.entries()
  const boots: BootedPhone[] = []
  const beganAtMs = performance.now()
  const lane = async () => {
    for (const [at, member] of queue) {
      const { trace, fetch, end } = fetchAsPhone(member.phone, at % 2 === 0)
      const booted = await member.phone.boot(startOf(member), fetch).catch((error: unknown) => {
        trace.faults.push(String(error))
        return null
      })
      end()
      boots.push({ trace, member, booted })
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, PHONES) }, lane))
  return { boots, seconds: (performance.now() - beganAtMs) / 1000 }
}

function tokenOf(member: Member): string {
  return site.devices.get(nameOf(member))!.token
}

function tell(what: string, { boots, seconds }: Awaited<ReturnType<typeof bootAll>>): void {
  const requests = boots.reduce((sum, boot) => sum + boot.trace.requests, 0)
  const perS = Math.round(requests / seconds)
  console.log(`${what}: ${boots.length} phones, ${requests} requests in ${seconds.toFixed(1)} s (${perS}/s)`)
}

/** Every phone that can read found exactly the accounts of its person, with the passwords that Asterisk knows. */
function expectOwnAccounts(boots: readonly BootedPhone[]): void {
  const passwordOf = (number: string) => `${number}-acme ${passwords.get(`${number}-acme`)!}`
  const readers = boots.filter(({ booted }) => booted !== null && booted.accounts.length > 0)
  expect(readers.length).toBeGreaterThan(boots.length / 2)
  const wrong = readers.filter(({ member, booted }) => {
    const found = booted!.accounts.map(({ user, password }) => `${user} ${password}`).sort()
    return found.join() !== member.numbers.map(passwordOf).join()
  })
  expect(wrong.map(({ member }) => nameOf(member))).toEqual([])
}

/** Every file that anybody got is, byte by byte, what rendering it for this device now gives. */
async function expectOwnBytes(boots: readonly BootedPhone[]): Promise<void> {
  const twin = await site.openTwin()
  const common = new Secret(`${site.origin}/`)
  const wrong: string[] = []
  const queue = boots.values()
  const lane = async () => {
    for (const { member, trace } of queue) {
      const { id, token } = site.devices.get(nameOf(member))!
      const tags = (await twin.boot.tagsOf(id))!
      const family = familyOf(member.phone.family)
      for (const { url, tag } of trace.got) {
        const [, ownToken, name] = /^\/(?:([\w-]{22})\/)?(.*)$/.exec(new URL(url).pathname)!
        const { file } = choose(identify(families, { file: name!, userAgent: '' }), family.name)!
        const isShared = file.kind === 'bootstrap' && ownToken === undefined
        const right = isShared
          ? tagOf(renderBootstrap(family, file, common))
          : (tags.get(file.name) ?? (await answerOf(twin.boot, token, name!)))
        if (tag !== right || (ownToken !== undefined && ownToken !== token)) wrong.push(url)
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  await twin.close()
  expect(wrong).toEqual([])
}

/** A phonebook is no file of a device: its tag is that of an answer. */
async function answerOf(boot: Boot, token: string, file: string): Promise<string | undefined> {
  return (await boot.answer({ transport: 'http', token, file, userAgent: '', address: '127.0.0.1' }))?.etag
}

function tagOf(bytes: Buffer): string {
  return `"${hash('sha256', bytes, 'base64url')}"`
}

function expectNoFaults(boots: readonly BootedPhone[]): void {
  expect(boots.flatMap(({ trace }) => trace.faults)).toEqual([])
}

test(
  `${PHONES} phones of all makers boot at once, from their boxes and after a power cut, each to its own accounts`,
  { timeout: countRuns(120_000, 1_800_000) },
  async () => {
    expect(new Set(fleet.map(({ phone }) => phone.family))).toEqual(new Set(families.map(({ name }) => name)))
    await site.releaseAll(`${fleet.find(({ phone }) => phone.family === 'yealink')!.phone.mac!}.cfg`)
    const first = await bootAll((member) =>
      member.phone.mac === null ? `${site.origin}/${tokenOf(member)}/` : `${site.origin}/`,
    )
    tell('from their boxes, inside a window', first)
    expectNoFaults(first.boots)
    expectOwnAccounts(first.boots)
    await expectOwnBytes(first.boots)

    const homes = new Map(first.boots.map(({ member, booted }) => [member, booted!.home]))
    const hasToken = (member: Member) => homes.get(member)?.includes(tokenOf(member)) === true
    const again = await bootAll((member) =>
      hasToken(member) ? homes.get(member)! : `${site.origin}/${tokenOf(member)}/`,
    )
    tell('after a power cut, with their tokens', again)
    expectNoFaults(again.boots)
    expectOwnAccounts(again.boots)
    await expectOwnBytes(again.boots)
    expect(site.rssMiB()).toBeLessThan(1_024)
  },
)
