import { Fault } from './fault.ts'
import { quote } from './quote.ts'
import { isScientificNotation } from './scientific-notation.ts'

/**
 * Numbers that must reach help outside, wherever the tenant is: 112, 911, 000, 110 and 999 (3GPP TS 22.101, 10.1),
 * 988 and the 911 test number 933 (North American plan). Others, such as 15 or 100, are usual extensions elsewhere:
 * the tenant's country adds its own.
 */
export const EMERGENCY_NUMBERS: readonly string[] = ['000', '110', '112', '911', '933', '988', '999']

/** Reads an internal number, 2 to 10 digits. Faults: `extension-invalid`. */
export function parseExtensionNumber(text: string): string | Fault {
  const trimmed = text.trim()
  if (/^\d{2,10}$/.test(trimmed)) return trimmed
  const wanted = '2 to 10 digits'
  if (isScientificNotation(trimmed)) {
    return new Fault('extension-invalid', `${quote(text)} was rounded by the spreadsheet program`, wanted)
  }
  if (trimmed.startsWith('*')) return new Fault('extension-invalid', `${quote(text)} is a feature code`, wanted)
  const digits = trimmed.replace(/[.,]0+$/, '').replaceAll(/[\s\p{Pd}./]/gu, '')
  const repair = /^\d{2,10}$/.test(digits) ? digits : undefined
  return new Fault('extension-invalid', `${quote(text)} is not an extension`, repair ?? wanted, repair)
}
