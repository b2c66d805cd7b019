import { Fault } from './fault.ts'
import { quote } from './quote.ts'
import { isScientificNotation } from './scientific-notation.ts'

/**
 * Numbers that must reach help outside, wherever the tenant is: 112, 911, 000, 110 and 999 (3GPP TS 22.101, 10.1),
 * 988 and the 911 test number 933 (North American plan). Others, such as 15 or 100, are usual extensions elsewhere:
 * see {@link isEmergencyNumber}.
 */
export const EMERGENCY_NUMBERS: readonly string[] = ['000', '110', '112', '911', '933', '988', '999']

/** ISO 3166 → what else reaches help there (national numbering plans as published by the ITU). */
const EMERGENCY_IN: Readonly<Record<string, string>> = {
  AR: '100 101 107',
  AT: '122 133 144',
  AU: '106',
  BE: '100 101',
  BR: '190 192 193',
  CH: '117 118 144',
  CN: '119 120 122',
  CZ: '150 155 156 158',
  ES: '061 062 080 085 091 092',
  FR: '15 17 18 114 115 119 191 196',
  GR: '100 166 199',
  HR: '192 193 194 195',
  HU: '104 105 107',
  IN: '100 101 102 108',
  IT: '113 115 118',
  JP: '118 119',
  LI: '117 118 144',
  LU: '113',
  NO: '113',
  NZ: '111',
  PL: '997 998',
  RU: '101 102 103 104',
  SI: '113',
  SK: '150 155 158',
  UA: '101 102 103 104',
  ZA: '10111 10177',
}
const emergencyIn = new Map(Object.entries(EMERGENCY_IN).map(([country, list]) => [country, new Set(list.split(' '))]))
const everywhere = new Set(EMERGENCY_NUMBERS)

/** True for a number that must reach help outside, everywhere or in that country (ISO 3166). */
export function isEmergencyNumber(number: string, country: string | null = null): boolean {
  return everywhere.has(number) || (country !== null && emergencyIn.get(country)?.has(number) === true)
}

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
