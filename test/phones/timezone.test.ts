import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { readClockRule } from '../../src/phones/timezone.ts'

describe('clock rules', () => {
  it.each([
    ['UTC', 0, 'STD0'],
    ['Europe/Berlin', 60, 'STD-1DST-2,M3.5.0/2,M10.5.0/3'],
    ['Europe/London', 0, 'STD0DST-1,M3.5.0/1,M10.5.0/2'],
    ['Europe/Dublin', 0, 'STD0DST-1,M3.5.0/1,M10.5.0/2'],
    ['America/New_York', -300, 'STD5DST4,M3.2.0/2,M11.1.0/2'],
    ['America/St_Johns', -210, 'STD3:30DST2:30,M3.2.0/2,M11.1.0/2'],
    ['Asia/Kolkata', 330, 'STD-5:30'],
    ['Asia/Kathmandu', 345, 'STD-5:45'],
    ['Australia/Sydney', 600, 'STD-10DST-11,M10.1.0/2,M4.1.0/3'],
    ['Australia/Lord_Howe', 630, 'STD-10:30DST-11,M10.1.0/2,M4.1.0/2'],
    ['America/Phoenix', -420, 'STD7'],
  ])('%s', (zone, offsetMinutes, posix) => {
    expect(readClockRule(zone)).toMatchObject({ offsetMinutes, posix })
  })

  it('tells weekdays from Monday and the last week as the fifth', () => {
    expect(readClockRule('Europe/Berlin').daylight).toEqual({
      saveMinutes: 60,
      start: { month: 3, week: 5, weekday: 7, hour: 2, minute: 0 },
      end: { month: 10, week: 5, weekday: 7, hour: 3, minute: 0 },
    })
  })

  it('gives a zone whose changes follow the moon one offset', () => {
    expect(readClockRule('Africa/Casablanca').daylight).toBeNull()
  })

  it('knows every zone of the runtime', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) expect(readClockRule(zone).posix).toMatch(/^STD-?\d/)
  })

  it('refuses what is no zone', () => {
    expect(() => readClockRule('Mars/Base')).toThrow(/not a time zone/)
  })

  it('says in POSIX what the C library makes of the zone itself', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Sydney',
      'America/Santiago',
      'Asia/Kolkata',
      'Africa/Cairo',
    ]
    const dates = ['2031-01-10', '2031-04-10', '2031-07-10', '2031-09-20', '2031-11-20', '2032-10-31 00:30']
    for (const zone of zones) {
      for (const date of dates) {
        const at = (tz: string) =>
          execFileSync('date', ['-d', `${date} UTC`, '+%Y-%m-%d %H:%M'], { env: { ...process.env, TZ: tz } }).toString()
        expect(`${zone} ${at(readClockRule(zone).posix)}`).toBe(`${zone} ${at(zone)}`)
      }
    }
  })
})
