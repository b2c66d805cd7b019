import { plainVersion } from './file-name.ts'

/** Parts of a hundred in which a percentage may be said: two decimals. */
const PLACES = 10_000n

/**
 * Whether a device is among the first so many percent of all. Its place follows from its id alone, so whoever is in
 * stays in when the percentage grows.
 */
export function isInShare(deviceId: number, percentage: number): boolean {
  return placeOf(deviceId) < Math.round(percentage * 100)
}

/** 0 to 9999, evenly spread: ids come one after another. The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
function placeOf(deviceId: number): number {
  const word = (value: bigint) => BigInt.asUintN(64, value)
  let mixed = word(BigInt(deviceId) + 0x9e3779b97f4a7c15n)
  mixed = word((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n)
  mixed = word((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn)
  return Number((mixed ^ (mixed >> 31n)) % PLACES)
}

export type Schedule = {
  notBefore: Date | null
  /** Minutes of the day; both or none. A window that ends before it begins reaches over midnight. */
  windowFrom: number | null
  windowTo: number | null
}

/** Whether phones may be told of new firmware at that moment. */
export function isDue({ notBefore, windowFrom, windowTo }: Schedule, now: Date, timezone: string): boolean {
  if (notBefore !== null && now < notBefore) return false
  if (windowFrom === null || windowTo === null) return true
  const minute = minuteOfDay(now, timezone)
  return windowFrom <= windowTo ? minute >= windowFrom && minute < windowTo : minute >= windowFrom || minute < windowTo
}

function minuteOfDay(now: Date, timezone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    ...{ timeZone: timezone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' },
  })
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]))
  return parts.get('hour')! * 60 + parts.get('minute')!
}

/** Whether a phone that says `seen` has that version: makers append build numbers to what their download page says. */
export function hasVersion(seen: string | null, wanted: string): boolean {
  if (seen === null) return false
  const [is, should] = [plainVersion(seen), plainVersion(wanted)]
  return is === should || is.startsWith(`${should}.`)
}

export type OfferState = 'offered' | 'told' | 'fetched' | 'updated' | 'failed' | 'missing'

/** What is known of a phone that something is offered to. */
export type OfferFacts = {
  seen: string | null
  toldAt: Date | null
  fetchedAt: Date | null
  lastAt: Date | null
  visits: number
}

/**
 * How far a phone is. `updated`: it has the version · `missing`: it fetched the image and was not heard of for too long ·
 * `failed`: it keeps coming with the old version · `fetched` · `told`: it has a configuration that names the image.
 */
export function judgeOffer(
  facts: OfferFacts,
  wanted: string,
  rules: { visits: number; patienceMinutes: number },
  now: Date,
): OfferState {
  const { seen, toldAt, fetchedAt, lastAt, visits } = facts
  if (hasVersion(seen, wanted)) return 'updated'
  const isBack = fetchedAt !== null && lastAt !== null && lastAt > fetchedAt
  if (fetchedAt !== null && !isBack)
    return now.getTime() - fetchedAt.getTime() > rules.patienceMinutes * 60_000 ? 'missing' : 'fetched'
  // Over TFTP phones do not say what they have: of those nobody knows.
  if (toldAt !== null && seen !== null && visits >= rules.visits) return 'failed'
  if (fetchedAt !== null) return 'fetched'
  return toldAt === null ? 'offered' : 'told'
}

/**
 * Whether so many that fetched the image did not come back that nobody else shall try. `back` came back, with whatever
 * version.
 */
export function isTooManyMissing(counts: { missing: number; back: number }, stopAbovePercent: number): boolean {
  const { missing, back } = counts
  return missing > 0 && (missing / (missing + back)) * 100 > stopAbovePercent
}

/** `22:00-05:30`; null: not one. */
export function readWindow(text: string): { from: number; to: number } | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim())
  if (!match) return null
  const [from, to] = [Number(match[1]) * 60 + Number(match[2]), Number(match[3]) * 60 + Number(match[4])]
  return from === to ? null : { from, to }
}

export function writeWindow(from: number | null, to: number | null): string | null {
  if (from === null || to === null) return null
  const time = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return `${time(from)}-${time(to)}`
}
