import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExtensionNumber } from '../../src/model/extension-number.ts'
import { Fault } from '../../src/model/fault.ts'
import { isCallingCode, parseCallerNumber, parseNumber } from '../../src/model/number.ts'
import { isScientificNotation } from '../../src/model/scientific-notation.ts'
import { countRuns } from '../support/runs.ts'

describe('a public number', () => {
  const cases: [string, string | undefined, string][] = [
    ['+49 30 1234567', undefined, '+49301234567'],
    ['0049-30-1234567', undefined, '+49301234567'],
    ['+49 (0)30 / 123.45\u00a067', undefined, '+49301234567'],
    ['tel:+1-212-555-0100', undefined, '+12125550100'],
    ['\u202a+49 30 1234567\u202c', undefined, '+49301234567'],
    ['030 1234567', '49', '+49301234567'],
    ['(212) 555-0100', '1', '+12125550100'],
    ['1 212 555 0100', '1', '+12125550100'],
    ['011 49 30 1234567', '1', '+49301234567'],
    ['8 495 123-45-67', '7', '+74951234567'],
    ['06 1234 5678', '39', '+390612345678'],
    ['912 345 678', '34', '+34912345678'],
  ]
  test.each(cases)('%j (country %s) is %s', (text, callingCode, number) => {
    expect(parseNumber(text, callingCode)).toBe(number)
  })

  const faults: [string, string | undefined, string][] = [
    ['030 1234567', undefined, 'number-needs-country'],
    ['49301234567', '49', 'number-ambiguous'],
    ['4.93012E+11', '49', 'number-damaged'],
    ['+0301234567', undefined, 'number-invalid'],
    ['+4930', undefined, 'number-invalid'],
    ['+1234567890123456', undefined, 'number-invalid'],
    ['030 1234 ext. 5', '49', 'number-invalid'],
    ['+49+30', undefined, 'number-invalid'],
    ['', undefined, 'number-invalid'],
  ]
  test.each(faults)('%j (country %s) is refused: %s', (text, callingCode, code) => {
    expect(parseNumber(text, callingCode)).toMatchObject({ code })
  })

  test('is E.164 or a fault, whatever the text, and reads again as itself', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+0-9 ()./E-]{0,24}$/))
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, '1', '7', '34', '39', '49'), (cell, callingCode) => {
        const number = parseNumber(cell, callingCode)
        if (number instanceof Fault) return
        expect(number).toMatch(/^\+[1-9]\d{6,14}$/)
        expect(parseNumber(number, callingCode)).toBe(number)
      }),
      { numRuns: countRuns(5000, 200_000) },
    )
  })
})

test('a number to show may also be internal', () => {
  expect(parseCallerNumber('1001')).toBe('1001')
  expect(parseCallerNumber('1001', '49')).toBe('1001')
  expect(parseCallerNumber('030 1234567', '49')).toBe('+49301234567')
  expect(parseCallerNumber('030 1234567')).toBe('0301234567')
  expect(parseCallerNumber('0049 30 1234567')).toBe('+49301234567')
  expect(parseCallerNumber('1')).toMatchObject({ code: 'number-invalid' })
})

test('a calling code is one to three digits', () => {
  expect(['1', '49', '420'].every(isCallingCode)).toBe(true)
  expect(['', '0', '+49', '049', '4920'].some(isCallingCode)).toBe(false)
})

test('an extension is two to ten ASCII digits', () => {
  for (const text of ['10', '0123456789', ' 4711\u00a0']) expect(parseExtensionNumber(text)).toBe(text.trim())
  for (const text of ['', '7', '1e3', '+1001', '*97', '１００１', '٤٧١١', '12345678901', '10 01']) {
    expect(parseExtensionNumber(text)).toMatchObject({ code: 'extension-invalid' })
  }
})

test('scientific notation is what spreadsheet programs write, in both decimal styles', () => {
  for (const text of ['1.50E+10', '1,565E+11', '2E+12', '4.9e-5']) expect(isScientificNotation(text)).toBe(true)
  for (const text of ['0015E5000001', '1E10', '1001', 'E+10', '']) expect(isScientificNotation(text)).toBe(false)
})
