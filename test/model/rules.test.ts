import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/model/fault.ts'
import { formatRanges, isInRanges, parseNumberRanges } from '../../src/model/number-range.ts'
import { callingCodeOf, isRuleName, parseRule, RULE_NAMES, ruleToText, SYSTEM_RULES } from '../../src/model/rules.ts'

const number = fc.stringMatching(/^\d{2,10}$/)

describe('a range of extensions', () => {
  test('is read as it is written, several with commas between them', () => {
    expect(parseNumberRanges('1000-1999, 2500')).toEqual([
      { from: '1000', to: '1999' },
      { from: '2500', to: '2500' },
    ])
  })

  test('that is written comes back the same, and holds its ends', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), (numbers) => {
        const ranges = numbers.map((from) => ({ from, to: from.replace(/\d$/, '9') }))
        expect(parseNumberRanges(formatRanges(ranges))).toEqual(ranges)
        for (const { from, to } of ranges) expect([from, to].every((end) => isInRanges(end, ranges))).toBe(true)
      }),
    )
  })

  test('holds numbers of its own length only: 0100 is not 100', () => {
    const ranges = [{ from: '0100', to: '0199' }]
    expect(isInRanges('0150', ranges)).toBe(true)
    expect(isInRanges('150', ranges)).toBe(false)
  })

  test.each(['', 'abc', '1999-1000', '100-1999', '1', '1000–', '1000-2000-3000'])('is not %j', (text) => {
    expect(parseNumberRanges(text)).toBeInstanceOf(Fault)
  })
})

describe('a rule', () => {
  test.each([
    ['country', 'de', 'DE'],
    ['calling_code', '49', '49'],
    ['username_rule', 'Extension', 'extension'],
    ['username_prefix', 'ja', true],
    ['password_rule', 'temporary', 'temporary'],
    ['password_length', '12', 12],
    ['ring_seconds', '35', 35],
    ['no_answer', 'hangup', 'hangup'],
    ['create_dids', 'no', false],
    ['mail', 'welcome', 'welcome'],
  ] as const)('%s reads %j', (name, text, value) => {
    expect(parseRule(name, text)).toEqual(value)
  })

  test.each([
    ['country', 'Germany', 'country-unknown'],
    ['calling_code', '+49', 'calling-code-invalid'],
    ['extension_range', '1999-1000', 'range-invalid'],
    ['password_length', '7', 'rule-invalid'],
    ['ring_seconds', '4', 'rule-invalid'],
    ['ring_seconds', '1e2', 'rule-invalid'],
    ['no_answer', 'music', 'rule-invalid'],
    ['caller_id_is_did', 'perhaps', 'yes-no-invalid'],
  ] as const)('%s refuses %j, and says what would be right', (name, text, code) => {
    const fault = parseRule(name, text)
    expect(fault).toMatchObject({ code, suggestion: expect.any(String) as string })
  })

  test('never throws, and what it reads is written so that it reads the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RULE_NAMES), fc.string(), (name, text) => {
        const value = parseRule(name, text)
        if (value instanceof Fault || ruleToText(value) === '') return
        expect(parseRule(name, ruleToText(value))).toEqual(value)
      }),
    )
  })

  test('goes back to the rule of the system with a hyphen', () => {
    for (const name of RULE_NAMES) expect(parseRule(name, '-')).toEqual(SYSTEM_RULES[name])
  })

  test('is known by its own name only, not by what every object has', () => {
    expect(isRuleName('ring_seconds')).toBe(true)
    expect(isRuleName('constructor')).toBe(false)
  })
})

test('the country gives the calling code, unless one is stated', () => {
  expect(callingCodeOf(SYSTEM_RULES)).toBeUndefined()
  expect(callingCodeOf({ ...SYSTEM_RULES, country: 'CH' })).toBe('41')
  expect(callingCodeOf({ ...SYSTEM_RULES, country: 'CH', calling_code: '423' })).toBe('423')
})
