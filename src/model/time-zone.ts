import { Fault } from './fault.ts'
import { quote } from './quote.ts'

const zones = new Map<string, string>(
  [...Intl.supportedValuesOf('timeZone'), 'UTC'].map((zone) => [zone.toLowerCase(), zone]),
)

/** `berlin` → `Europe/Berlin`; the database has no city twice among its current names. */
const cities = new Map<string, string>(
  Intl.supportedValuesOf('timeZone').map((zone) => [zone.slice(zone.lastIndexOf('/') + 1).toLowerCase(), zone]),
)

/** Reads an IANA time zone in any case; an alias such as `Europe/Kyiv` stays as written. Faults: `timezone-invalid`. */
export function parseTimeZone(text: string): string | Fault {
  const zone = text.trim().replaceAll(' ', '_')
  const known = zones.get(zone.toLowerCase())
  if (known !== undefined) return known
  // Only shapes of names are tried: Intl also takes offsets such as +01:00, which know no daylight saving.
  if (/^[a-z]+(?:\/[a-z0-9_+-]+)+$/i.test(zone) && isSupported(zone)) return zone
  const repair = cities.get(zone.toLowerCase())
  const suggestion = repair ?? 'A zone such as Europe/Berlin'
  return new Fault('timezone-invalid', `${quote(text)} is not a time zone`, suggestion, repair)
}

function isSupported(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
