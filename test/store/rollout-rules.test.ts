import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  hasVersion,
  isDue,
  isInShare,
  isTooManyMissing,
  judgeOffer,
  type OfferFacts,
  readWindow,
  writeWindow,
} from '../../src/store/rollout-rules.ts'

const id = fc.integer({ min: 1, max: 2 ** 52 })
const percentage = fc.integer({ min: 0, max: 10_000 }).map((places) => places / 100)

test('a growing percentage only adds phones: none at 0, all at 100', () => {
  fc.assert(
    fc.property(id, percentage, percentage, (device, one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)]
      if (isInShare(device, less)) expect(isInShare(device, more)).toBe(true)
      expect(isInShare(device, 0)).toBe(false)
      expect(isInShare(device, 100)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('of phones that were added one after another the share is the percentage, within chance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 1, max: 99 }), (first, percent) => {
      const count = 20_000
      let inside = 0
      for (let n = 0; n < count; n++) if (isInShare(first + n, percent)) inside++
      // Five standard deviations of a fair draw.
      const spread = 5 * Math.sqrt(count * (percent / 100) * (1 - percent / 100))
      expect(Math.abs(inside - (count * percent) / 100)).toBeLessThan(spread)
    }),
    { numRuns: 15 },
  )
})

test('a window is kept by the clock of the tenant, over midnight and over the change to summer time', () => {
  const night = { notBefore: null, windowFrom: 22 * 60, windowTo: 5 * 60 }
  const due = (time: string, zone: string, schedule = night) => isDue(schedule, new Date(time), zone)
  expect(due('2026-01-15T20:59:00Z', 'Europe/Berlin')).toBe(false)
  expect(due('2026-01-15T21:00:00Z', 'Europe/Berlin')).toBe(true)
  expect(due('2026-01-16T03:59:00Z', 'Europe/Berlin')).toBe(true)
  expect(due('2026-01-16T04:00:00Z', 'Europe/Berlin')).toBe(false)
  expect(due('2026-07-15T20:00:00Z', 'Europe/Berlin')).toBe(true)
  expect(due('2026-07-15T20:00:00Z', 'America/New_York')).toBe(false)
  expect(due('2026-01-15T00:05:00Z', 'UTC', { notBefore: null, windowFrom: 0, windowTo: 60 })).toBe(true)
  const later = { notBefore: new Date('2026-03-01T00:00:00Z'), windowFrom: null, windowTo: null }
  expect(isDue(later, new Date('2026-02-28T23:59:59Z'), 'UTC')).toBe(false)
  expect(isDue(later, new Date('2026-03-01T00:00:00Z'), 'UTC')).toBe(true)
})

test('a window is written as it was read, and nothing else is one', () => {
  const minute = fc.integer({ min: 0, max: 1439 })
  fc.assert(
    fc.property(minute, minute, (from, to) => {
      expect(readWindow(writeWindow(from, to)!)).toEqual(from === to ? null : { from, to })
    }),
  )
  for (const text of ['', '22-5', '24:00-05:00', '22:60-05:00', '22:00', '22:00-22:00', 'night'])
    expect(readWindow(text), text).toBeNull()
})

test('versions are compared as makers spell them, and one is never taken for its neighbour', () => {
  expect(hasVersion('96.86.0.45', '96.86.0.45')).toBe(true)
  expect(hasVersion('5.9.0.9373', '5.9.0')).toBe(true)
  expect(hasVersion('V1.2-3', 'v1.2.3')).toBe(true)
  expect(hasVersion('1.0.11.231', '1.0.11.23')).toBe(false)
  expect(hasVersion('1.0.11', '1.0.11.23')).toBe(false)
  expect(hasVersion(null, '1.0')).toBe(false)
})

test('how far a phone is follows from what it said and did', () => {
  const now = new Date('2026-05-01T12:00:00Z')
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  const nothing = { seen: '1.0', toldAt: null, fetchedAt: null, lastAt: null, visits: 0 }
  const judge = (facts: Partial<OfferFacts>) =>
    judgeOffer({ ...nothing, ...facts }, '2.0', { visits: 3, patienceMinutes: 30 }, now)
  expect(judge({})).toBe('offered')
  expect(judge({ toldAt: ago(5), lastAt: ago(5) })).toBe('told')
  expect(judge({ toldAt: ago(40), fetchedAt: ago(10), lastAt: ago(10) })).toBe('fetched')
  expect(judge({ toldAt: ago(40), fetchedAt: ago(31), lastAt: ago(31) })).toBe('missing')
  expect(judge({ toldAt: ago(40), fetchedAt: ago(31), lastAt: ago(2) })).toBe('fetched')
  expect(judge({ toldAt: ago(40), fetchedAt: ago(31), lastAt: ago(2), visits: 3 })).toBe('failed')
  expect(judge({ toldAt: ago(40), lastAt: ago(1), visits: 3 })).toBe('failed')
  expect(judge({ toldAt: ago(40), lastAt: ago(1), visits: 3, seen: null })).toBe('told')
  expect(judge({ toldAt: ago(40), fetchedAt: ago(39), lastAt: ago(1), seen: '2.0.1', visits: 9 })).toBe('updated')
})

test('one phone that stays away is too many of two, and not of a hundred', () => {
  expect(isTooManyMissing({ missing: 0, back: 0 }, 0)).toBe(false)
  expect(isTooManyMissing({ missing: 1, back: 0 }, 10)).toBe(true)
  expect(isTooManyMissing({ missing: 1, back: 1 }, 10)).toBe(true)
  expect(isTooManyMissing({ missing: 1, back: 99 }, 10)).toBe(false)
  expect(isTooManyMissing({ missing: 11, back: 89 }, 10)).toBe(true)
})
