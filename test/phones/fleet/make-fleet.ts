import type { BootingPhone } from '../bases/phone.ts'
import { KINDS } from './kinds.ts'

/** A phone of a fleet, and the extensions of its lines. */
export type Member = { phone: BootingPhone; numbers: readonly string[] }

const FIRST_EXTENSION = 10_000

/** So many phones of every maker in turn, each another device: the same `count`, the same fleet. */
export function makeFleet(count: number): Member[] {
  let next = FIRST_EXTENSION
  return Array.from({ length: count }, (_, at) => {
    const { prefix, make } = KINDS[at % KINDS.length]!
    const phone = make(`${prefix}${at.toString(16).padStart(12 - prefix.length, '0')}`)
    const numbers = Array.from({ length: phone.accounts ?? 1 }, () => String(next++))
    return { phone, numbers }
  })
}

/** The list that puts these phones on people's desks, with all that a list of people may hold in their names. */
export function writeFleetFile(fleet: readonly Member[]): string {
  const rows = fleet.flatMap(({ phone, numbers }) =>
    numbers.map(
      (number, at) => `${number},"Jo ""${number}"" & <Söhne>",u${number},${phone.mac ?? ''},${phone.model},${at + 1}`,
    ),
  )
  return `extension,last_name,username,mac,model,line\n${rows.join('\n')}\n`
}

/** What tells a member from all others: its MAC address, or the number of its first line where it has none. */
export function nameOf({ phone, numbers }: Member): string {
  return phone.mac ?? numbers[0]!
}
