import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sourceNetwork } from '../../src/access/networks.ts'
import { FAILURE_LIMITS, Failures } from '../../src/boot/failures.ts'
import type { Mac } from '../../src/model/mac.ts'
import { openSite, type Site } from './open-site.ts'

const macAt = (at: number) => `0015659${at.toString(16).padStart(5, '0')}` as Mac
const HTTP = { transport: 'http', address: '192.0.2.1' } as const

test('an IPv6 source is its /64, an IPv4 source its address, however it is written', () => {
  const same = ['2001:db8:0:7::1', '2001:db8::7:ffff:0:0:9', '2001:0DB8:0000:0007::']
  expect(new Set(same.map(sourceNetwork))).toEqual(new Set(['2001:db8:0:7::/64']))
  expect(sourceNetwork('2001:db8:0:8::1')).not.toBe(sourceNetwork('2001:db8:0:7::1'))
  expect(sourceNetwork('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(sourceNetwork('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(sourceNetwork('::1')).toBe('0:0:0:0::/64')
})

test('a MAC address counts once: phones that ask again and again are no attack', () => {
  const failures = new Failures(() => 0, { ...FAILURE_LIMITS, burst: 100 })
  for (let round = 0; round < 1_000; round++) for (let at = 0; at < 90; at++) failures.note(HTTP, macAt(at))
  expect(failures.isSpent(HTTP)).toBe(false)
  for (let at = 90; at < 130; at++) failures.note(HTTP, macAt(at))
  expect(failures.isSpent(HTTP)).toBe(true)
})

test('who tries many is spent, its /64 with it, others and TFTP not; it comes back with time', () => {
  let nowMs = 0
  const failures = new Failures(() => nowMs, { burst: 500, refillMs: 1_000, sources: 100 })
  const from = (address: string) => ({ transport: 'https', address }) as const
  for (let at = 0; at < 2_000; at++) failures.note(from(`2001:db8::${at.toString(16)}`), macAt(at))
  expect(failures.isSpent(from('2001:db8::ffff:1'))).toBe(true)
  expect(failures.isSpent({ transport: 'http', address: '2001:db8::1' })).toBe(true)
  expect(failures.isSpent({ transport: 'tftp', address: '2001:db8::1' })).toBe(false)
  expect(failures.isSpent(from('2001:db8:0:1::1'))).toBe(false)
  nowMs = 1_500
  expect(failures.isSpent(from('2001:db8::1'))).toBe(false)
  failures.note(from('2001:db8::1'), macAt(0xfffff))
  expect(failures.isSpent(from('2001:db8::1'))).toBe(true)
})

test('however many sources and addresses there are, memory is bounded, and a sweep never becomes free', () => {
  const failures = new Failures(() => 0)
  for (let at = 0; at < 20_000; at++)
    failures.note({ transport: 'http', address: `10.0.${at >> 8}.${at & 255}` }, macAt(at))
  expect(failures.count().sources).toBe(FAILURE_LIMITS.sources)
  const swept = new Failures(() => 0, { ...FAILURE_LIMITS, burst: 1_000_000 })
  for (let at = 0; at < 100_000; at++) swept.note(HTTP, macAt(at))
  const limited = new Failures(() => 0, { ...FAILURE_LIMITS, burst: 80_000 })
  for (let at = 0; at < 100_000; at++) limited.note(HTTP, macAt(at))
  expect(swept.isSpent(HTTP)).toBe(false)
  expect(limited.isSpent(HTTP)).toBe(true)
})

let site: Site
const GOOD = 300
const goodMac = (at: number) => `001565${(0xa00000 + at).toString(16)}`
beforeAll(async () => {
  site = await openSite()
  const rows = Array.from({ length: GOOD }, (_, at) => `${2000 + at},P,${goodMac(at)},T46U`)
  await site.importPeople(`extension,last_name,mac,model\n${rows.join('\n')}\n`)
  await site.release(site.desk.acme, null)
  await vi.waitFor(async () => expect(await askFor(goodMac(GOOD - 1))).not.toBeNull())
}, 120_000)
afterAll(() => site.close())

/** Thousands of contacts are on their way into the story. */
const PATIENT = { timeout: 20_000, interval: 200 }
const NAT = '198.51.100.9'
const askFor = (mac: string, address = NAT, token: string | null = null) =>
  site.ask({ file: `${mac}.cfg`, address, token })

test('a whole building behind one address boots, with phones among it that nobody listed', async () => {
  for (let at = 0; at < GOOD; at++) {
    expect(await askFor(goodMac(at)), goodMac(at)).not.toBeNull()
    if (at % 10 === 0) expect(await askFor(macAt(at))).toBeNull()
  }
  expect(site.boot.failures.count()).toEqual({ sources: 1, spent: 0 })
})

test('while somebody there tries MAC addresses, a release of the whole tenant does not count there', async () => {
  for (let at = 0; at <= FAILURE_LIMITS.burst * 1.2; at++) await askFor(macAt(at))
  const [victim, other] = [goodMac(1), goodMac(2)]
  expect(site.boot.failures.count().spent).toBe(1)
  expect(await askFor(victim)).toBeNull()
  expect(await askFor(victim, '198.51.100.10')).not.toBeNull()
  expect(await askFor(victim, NAT, await site.tokenOf(victim))).not.toBeNull()
  await site.release(site.desk.acme, await site.idOf(other))
  await vi.waitFor(async () => expect(await askFor(other)).not.toBeNull())
  await vi.waitFor(async () => {
    const { rows } = await site.database.query(
      `select outcome from offhook.device_contacts c join offhook.devices d on d.id = c.device_id
       where d.mac = $1 and outcome = 'limited'`,
      [victim],
    )
    expect(rows).toHaveLength(1)
  }, PATIENT)
})
