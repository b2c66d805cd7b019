import { Fault } from './fault.ts'
import { quote } from './quote.ts'
import { isScientificNotation } from './scientific-notation.ts'

const SEPARATORS = /[\s\p{Cf}\p{Pd}./()]/gu
/** `+49 (0)30 …`: the bracketed zero is dialled only without the country code. */
const BRACKETED_ZERO = /^((?:\+|00)[\d\s]{1,5})\(0\)/
const DIALLED = /^\+?\d+$/
/** ITU-T E.164: at most 15 digits, no country code starts with 0. Seven is the shortest in use (Niue, +683). */
const E164 = /^\+[1-9]\d{6,14}$/
/** Italy, San Marino and Vatican keep the leading zero after the country code (numbering plans at the ITU). */
const KEEPS_ZERO = new Set(['39', '378', '379'])

/**
 * Reads a public number as E.164 with `+`. `callingCode` (digits, e.g. `49`) completes national numbers.
 * Faults: `number-damaged`, `number-invalid`, `number-needs-country`, `number-ambiguous`.
 */
export function parseNumber(text: string, callingCode?: string): string | Fault {
  const dialled = compact(text)
  if (dialled instanceof Fault) return dialled
  const international = dialled.startsWith('+') ? dialled : dialled.startsWith('00') ? `+${dialled.slice(2)}` : null
  const e164 = international ?? complete(text, dialled, callingCode)
  if (e164 instanceof Fault || E164.test(e164)) return e164
  return new Fault('number-invalid', `${quote(text)} is not a complete public number`, 'A number such as +49301234567')
}

/**
 * Reads a number to show to callers: as {@link parseNumber}, and also internal or national digits (2 to 15), kept as
 * they are unless `callingCode` is given and they start with a national 0.
 */
export function parseCallerNumber(text: string, callingCode?: string): string | Fault {
  const dialled = compact(text)
  if (dialled instanceof Fault) return dialled
  const national = callingCode !== undefined && /^0[1-9]/.test(dialled)
  if (national || dialled.startsWith('+') || dialled.startsWith('00')) return parseNumber(text, callingCode)
  if (dialled.length >= 2 && dialled.length <= 15) return dialled
  return new Fault('number-invalid', `${quote(text)} has ${dialled.length} digits`, '2 to 15 digits')
}

/** True for the digits of a country calling code (ITU-T E.164: one to three, not starting with 0). */
export function isCallingCode(text: string): boolean {
  return /^[1-9]\d{0,2}$/.test(text)
}

function compact(text: string): string | Fault {
  if (isScientificNotation(text)) {
    return new Fault(
      'number-damaged',
      `${quote(text)} is a number that the spreadsheet program rounded; its last digits are lost`,
      'Format the column as text and enter the number again, with + and country code',
    )
  }
  const digits = text.trim().replace(/^tel:/i, '').replace(BRACKETED_ZERO, '$1').replaceAll(SEPARATORS, '')
  if (DIALLED.test(digits)) return digits
  return new Fault('number-invalid', `${quote(text)} is not a number`, 'Digits with an optional leading +')
}

function complete(text: string, digits: string, callingCode: string | undefined): string | Fault {
  if (callingCode === undefined) {
    const guess = digits.startsWith('0') ? '+49301234567' : `+${digits}`
    return new Fault(
      'number-needs-country',
      `${quote(text)} does not say its country`,
      `Write it with + and country code, such as ${guess}, or set a default country code`,
    )
  }
  if (callingCode === '1' && digits.startsWith('011')) return `+${digits.slice(3)}`
  if (callingCode === '1' || callingCode === '7') return `+${callingCode}${digits.replace(/^[18](?=\d{10}$)/, '')}`
  if (KEEPS_ZERO.has(callingCode)) return `+${callingCode}${digits}`
  if (digits.startsWith(callingCode) && digits.length >= callingCode.length + 7) {
    return new Fault(
      'number-ambiguous',
      `${quote(text)} may be +${digits} without its + or +${callingCode}${digits} without its 0`,
      `Write +${digits} or 0${digits}`,
    )
  }
  return `+${callingCode}${digits.replace(/^0/, '')}`
}
