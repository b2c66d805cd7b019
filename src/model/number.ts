import {
  getCountryCallingCode,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
  type CountryCode,
} from 'libphonenumber-js/max'
import { Fault } from './fault.ts'
import { quote } from './quote.ts'
import { isScientificNotation } from './scientific-notation.ts'

const SEPARATORS = /[\s\p{Cf}\p{Pd}./()]/gu
/** `+49 (0)30 …`: the bracketed zero is dialled only without the country code. */
const BRACKETED_ZERO = /^((?:\+|00)[\d\s]{1,5})\(0\)/
const DIALLED = /^\+?\d+$/
/** ITU-T E.164: at most 15 digits, no country code starts with 0. Seven is the shortest in use (Niue, +683). */
const E164 = /^\+[1-9]\d{6,14}$/
/** Where the prefix of national calls is the country code, so that both readings are one number. */
const SAME_PREFIX = new Set(['1', '7'])
const EXAMPLE = 'A number such as +49301234567'

/**
 * Reads a public number as E.164 with `+`, in a range that its country has given out. `region` completes national
 * numbers: a country (ISO 3166, `DE`) or a country calling code (digits, `49`).
 * Faults: `number-damaged`, `number-invalid`, `number-needs-country`, `number-ambiguous`, `number-unassigned`.
 */
export function parseNumber(text: string, region?: string): string | Fault {
  const dialled = compact(text)
  if (dialled instanceof Fault) return dialled
  if (dialled.startsWith('+')) return validate(text, dialled)
  if (dialled.startsWith('00')) return validate(text, `+${dialled.slice(2)}`)
  return region === undefined ? refuseNational(text, dialled) : complete(text, dialled, region)
}

/**
 * Reads a number to show to callers: as {@link parseNumber}, and also internal or national digits (2 to 15), kept as
 * they are unless `region` is given and they start with a national 0.
 */
export function parseCallerNumber(text: string, region?: string): string | Fault {
  const dialled = compact(text)
  if (dialled instanceof Fault) return dialled
  const national = region !== undefined && /^0[1-9]/.test(dialled)
  if (national || dialled.startsWith('+') || dialled.startsWith('00')) return parseNumber(text, region)
  if (dialled.length >= 2 && dialled.length <= 15) return dialled
  return new Fault('number-invalid', `${quote(text)} has ${dialled.length} digits`, '2 to 15 digits')
}

/** True for the digits of a country calling code (ITU-T E.164: one to three, not starting with 0). */
export function isCallingCode(text: string): boolean {
  return /^[1-9]\d{0,2}$/.test(text)
}

/** The country calling code of an E.164 number in an assigned range, digits only; null for anything else. */
export function callingCodeOfNumber(e164: string): string | null {
  return parseAssigned(e164)?.callingCode ?? null
}

function compact(text: string): string | Fault {
  if (isScientificNotation(text)) {
    return new Fault(
      'number-damaged',
      `${quote(text)} is a number that the spreadsheet program rounded; its last digits are lost`,
      'Format the column as text and enter the number again, with + and country code',
    )
  }
  // Dots between digits are usual, so this must be seen before they go.
  const [, whole] = /^(\+?\d{7,15})[.,]00?$/.exec(text.trim()) ?? []
  if (whole !== undefined) {
    const message = `${quote(text)} is a number that the spreadsheet program wrote with decimals`
    return new Fault('number-damaged', message, whole, whole)
  }
  const digits = text.trim().replace(/^tel:/i, '').replace(BRACKETED_ZERO, '$1').replaceAll(SEPARATORS, '')
  if (DIALLED.test(digits)) return digits
  return new Fault('number-invalid', `${quote(text)} is not a number`, 'Digits with an optional leading +')
}

function validate(text: string, dialled: string): string | Fault {
  return parseAssigned(dialled)?.e164 ?? refuse(text, dialled)
}

function complete(text: string, digits: string, region: string): string | Fault {
  const code = isCallingCode(region) ? region : getCountryCallingCode(region as CountryCode)
  // The North American prefix of international calls; of a calling code alone the library knows none.
  if (code === '1' && digits.startsWith('011')) return validate(text, `+${digits.slice(3)}`)
  const whole = !SAME_PREFIX.has(code) && digits.startsWith(code) ? parseAssigned(`+${digits}`) : null
  if (whole === null) return parseAssigned(digits, region)?.e164 ?? refuse(text, digits, region)
  const message = `${quote(text)} may be ${whole.e164} without its + or +${code}${digits} without its 0`
  const repair = parseAssigned(`+${code}${digits}`) === null ? whole.e164 : undefined
  return new Fault('number-ambiguous', message, repair ?? `Write ${whole.e164} or 0${digits}`, repair)
}

function refuseNational(text: string, digits: string): Fault {
  const whole = digits.startsWith('0') ? null : parseAssigned(`+${digits}`)
  const wish = `Write it with + and country code, such as ${whole?.e164 ?? '+49301234567'}, or set a default country`
  return new Fault('number-needs-country', `${quote(text)} does not say its country`, wish)
}

type Assigned = { e164: string; callingCode: string }

/** A number in a range that its country has given out, as Google's libphonenumber knows them. */
function parseAssigned(dialled: string, region?: string): Assigned | null {
  const number = parsePhoneNumberFromString(dialled, { extract: false, ...describeRegion(region) })
  if (!number?.isValid() || !E164.test(number.number)) return null
  return { e164: number.number, callingCode: number.countryCallingCode }
}

function refuse(text: string, dialled: string, region?: string): Fault {
  switch (validatePhoneNumberLength(dialled, describeRegion(region))) {
    case 'INVALID_COUNTRY':
      return new Fault('number-invalid', `${quote(text)} starts with no country code that exists`, EXAMPLE)
    case 'TOO_SHORT':
      return new Fault('number-invalid', `${quote(text)} is too short for a complete public number`, EXAMPLE)
    case 'TOO_LONG':
      return new Fault('number-invalid', `${quote(text)} is too long for its country`, EXAMPLE)
    case 'NOT_A_NUMBER':
    case 'INVALID_LENGTH':
      return new Fault('number-invalid', `${quote(text)} is not a complete public number`, EXAMPLE)
    case undefined: {
      const message = `${quote(text)} is in no range that its country has given out`
      return new Fault('number-unassigned', message, 'Look for a wrong or missing digit, area code first')
    }
  }
}

function describeRegion(region: string | undefined): { defaultCountry: CountryCode } | { defaultCallingCode: string } {
  return region !== undefined && isCallingCode(region)
    ? { defaultCallingCode: region }
    : { defaultCountry: region as CountryCode }
}
