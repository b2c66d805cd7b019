import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMERGENCY_NUMBERS } from '../../src/model/extension-number.ts'
import { isInRanges, type NumberRange } from '../../src/model/number-range.ts'
import { SYSTEM_RULES } from '../../src/model/rules.ts'
import { findFreeNumber, openNumberRegister } from '../../src/plan/number-register.ts'

const range: fc.Arbitrary<NumberRange> = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.nat(150), fc.nat(40))
  .map(([width, start, size]) => {
    const from = Math.min(start, 10 ** width - 1)
    const to = Math.min(from + size, 10 ** width - 1)
    return { from: String(from).padStart(width, '0'), to: String(to).padStart(width, '0') }
  })

function listNumbers({ from, to }: NumberRange): string[] {
  const count = Number(to) - Number(from) + 1
  return Array.from({ length: count }, (_, at) => String(Number(from) + at).padStart(from.length, '0'))
}

test('numbers come out in the order of the ranges, the lowest first, each once, until none is left', () => {
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 4 }),
      fc.array(range, { maxLength: 3 }),
      fc.array(range, { maxLength: 2 }),
      (extension_range, reserved_numbers, held) => {
        const rules = { ...SYSTEM_RULES, extension_range, reserved_numbers }
        const taken = held.flatMap(listNumbers)
        const register = openNumberRegister(taken)
        const given: string[] = []
        for (let next = findFreeNumber(rules, register); next !== null; next = findFreeNumber(rules, register)) {
          expect(findFreeNumber(rules, register)).toBe(next)
          register.taken.add(next)
          given.push(next)
        }
        const free = (number: string) =>
          !taken.includes(number) && !EMERGENCY_NUMBERS.includes(number) && !isInRanges(number, reserved_numbers)
        expect(given).toEqual([...new Set(extension_range.flatMap(listNumbers))].filter(free))
      },
    ),
  )
})

test('a range of thousands of millions is walked only as far as it is taken', () => {
  const rules = {
    ...SYSTEM_RULES,
    extension_range: [{ from: '1000000000', to: '9999999999' }],
    reserved_numbers: [{ from: '1000000000', to: '8999999999' }],
  }
  const register = openNumberRegister()
  for (let at = 0; at < 50_000; at++) {
    const number = findFreeNumber(rules, register)!
    expect(number === String(9_000_000_000 + at)).toBe(true)
    register.taken.add(number)
  }
})
