import { isEmergencyNumber } from '../model/extension-number.ts'
import { isInRanges, type NumberRange } from '../model/number-range.ts'
import type { Rules } from '../model/rules.ts'

/** Which internal numbers nobody new can get, and how far each range was searched: what was behind stays taken. */
export type NumberRegister = { taken: Set<string>; searched: Map<string, number> }

export function openNumberRegister(taken: Iterable<string> = []): NumberRegister {
  return { taken: new Set(taken), searched: new Map() }
}

/** The lowest number of the first range that has a free one; null when none has. It stays free until it is taken. */
export function findFreeNumber(rules: Rules, register: NumberRegister): string | null {
  for (const range of rules.extension_range) {
    const number = searchRange(range, rules, register)
    if (number !== null) return number
  }
  return null
}

export function isReserved(number: string, { reserved_numbers: reserved, country }: Rules): boolean {
  return isEmergencyNumber(number, country) || isInRanges(number, reserved)
}

function searchRange(
  { from, to }: NumberRange,
  { reserved_numbers: reserved, country }: Rules,
  { taken, searched }: NumberRegister,
): string | null {
  const key = `${from}-${to}`
  const last = Number(to)
  for (let at = searched.get(key) ?? Number(from); at <= last; at++) {
    const number = String(at).padStart(from.length, '0')
    const skipped = reserved.find((range) => isInRanges(number, [range]))
    if (skipped) at = Number(skipped.to)
    else if (!taken.has(number) && !isEmergencyNumber(number, country)) {
      searched.set(key, at)
      return number
    }
  }
  searched.set(key, last + 1)
  return null
}
