import { AppError } from '../model/app-error.ts'

/** When the clock is set, in local time before the change. `week` 5 is the last one of the month; `weekday` 1 is Monday. */
export type ClockChange = { month: number; week: number; weekday: number; hour: number; minute: number }
export type ClockRule = {
  name: string
  /** Minutes east of Greenwich outside of daylight saving. */
  offsetMinutes: number
  daylight: { saveMinutes: number; start: ClockChange; end: ClockChange } | null
  /** POSIX.1 TZ string with neutral abbreviations, `STD-1DST-2,M3.5.0/2,M10.5.0/3`. */
  posix: string
}

/** The rule that time-zone data projects forward; old enough changes of law are over by then. Fixed: no clock here. */
const YEARS = [2030, 2031, 2032, 2033, 2034, 2035]
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const known = new Map<string, ClockRule>()

/**
 * Daylight-saving rule of an IANA zone, derived from the time-zone data of the runtime. A zone whose changes follow no
 * "n-th weekday of a month" (Morocco) gets its most frequent offset and no daylight saving.
 * @throws AppError `input-invalid` for an unknown zone
 */
export function readClockRule(zone: string): ClockRule {
  const cached = known.get(zone)
  if (cached) return cached
  const offsetAt = createOffsetReader(zone)
  const changes = YEARS.flatMap((year) => findChanges(offsetAt, year))
  const offsets = YEARS.flatMap((year) => [offsetAt(Date.UTC(year, 0, 15)), offsetAt(Date.UTC(year, 6, 15))])
  const base = Math.min(...offsets)
  const start = describeChange(changes.filter((change) => change.after > change.before))
  const end = describeChange(changes.filter((change) => change.after < change.before))
  const daylight = start && end ? { saveMinutes: Math.max(...offsets) - base, start, end } : null
  const offsetMinutes = changes.length > 0 && !daylight ? mostFrequent(offsets) : base
  const rule = { name: zone, offsetMinutes, daylight, posix: writePosix(offsetMinutes, daylight) }
  known.set(zone, rule)
  return rule
}

type OffsetAt = (ms: number) => number
type Change = { localMs: number; before: number; after: number }

function createOffsetReader(zone: string): OffsetAt {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    return (ms) => {
      const name = format.formatToParts(ms).find((part) => part.type === 'timeZoneName')!.value
      const match = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name)!
      return (match[1] === '-' ? -1 : 1) * (Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0))
    }
  } catch (error) {
    throw new AppError('input-invalid', `${zone} is not a time zone`, { cause: error })
  }
}

function findChanges(offsetAt: OffsetAt, year: number): Change[] {
  const changes: Change[] = []
  for (let month = 0; month < 12; month += 1) {
    let low = Date.UTC(year, month, 1)
    let high = Date.UTC(year, month + 1, 1)
    const [before, after] = [offsetAt(low), offsetAt(high)]
    if (before === after) continue
    while (high - low > MINUTE_MS) {
      const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS
      if (offsetAt(middle) === before) low = middle
      else high = middle
    }
    changes.push({ localMs: high + before * MINUTE_MS, before, after })
  }
  return changes
}

/** One "n-th weekday" that fits every year; midnight may have to be told as hour 24 of the day before (Chile, Egypt). */
function describeChange(changes: Change[]): ClockChange | null {
  if (changes.length !== YEARS.length) return null
  return fitWeek(changes, 0) ?? fitWeek(changes, 24)
}

function fitWeek(changes: Change[], hoursBack: number): ClockChange | null {
  const told = changes.map(({ localMs }) => {
    const date = new Date(localMs - hoursBack * HOUR_MS)
    const day = date.getUTCDate()
    const monthDays = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
    const clock = { hour: date.getUTCHours() + hoursBack, minute: date.getUTCMinutes() }
    const week = Math.ceil(day / 7)
    const same = { month: date.getUTCMonth() + 1, weekday: date.getUTCDay() || 7, ...clock }
    return { same: JSON.stringify(same), week, last: day > monthDays - 7, change: { ...same, week } }
  })
  const first = told[0]!
  if (told.some((one) => one.same !== first.same)) return null
  if (told.every((one) => one.last)) return { ...first.change, week: 5 }
  return told.every((one) => one.week === first.week) ? first.change : null
}

function mostFrequent(offsets: number[]): number {
  const count = (offset: number) => offsets.filter((one) => one === offset).length
  return offsets.reduce((best, offset) => (count(offset) > count(best) ? offset : best))
}

function writePosix(offsetMinutes: number, daylight: ClockRule['daylight']): string {
  const standard = `STD${writeHours(-offsetMinutes)}`
  if (!daylight) return standard
  const change = (at: ClockChange) =>
    `M${at.month}.${at.week}.${at.weekday % 7}/${writeHours(at.hour * 60 + at.minute)}`
  const saving = `DST${writeHours(-offsetMinutes - daylight.saveMinutes)}`
  return `${standard}${saving},${change(daylight.start)},${change(daylight.end)}`
}

/** Hours with minutes only where there are some: `-5:30`, `2`. */
function writeHours(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : ''}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}
