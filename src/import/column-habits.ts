import { parseMac } from '../model/mac.ts'
import { callingCodeOfNumber, parseNumber } from '../model/number.ts'
import type { PersonField } from '../model/person.ts'
import type { MappedColumn } from './column.ts'
import type { RowEdits } from './row-edit.ts'
import type { TableRow } from './table.ts'

/** How most cells of a column are written; a cell that alone is written otherwise has lost something. */
export type ColumnHabits = {
  numbers: Readonly<Partial<Record<PersonField, NumberHabit>>>
  /** Digits of an extension, when most have so many and start with a zero. */
  extensionWidth: number | null
  /** The first six digits of the MAC addresses, which name their makers. */
  makers: ReadonlySet<string>
}

/** `callingCode`: of the numbers with `+`, when they have it in common. */
export type NumberHabit = { plus: boolean; zero: boolean; callingCode: string | null }

const MIN_WITNESSES = 3
const MAX_SAMPLED = 20

/** Looks at the columns of numbers, phones and extensions once, before any cell of them is judged. */
export function learnHabits(
  rows: readonly TableRow[],
  columns: readonly MappedColumn[],
  edits?: RowEdits,
): ColumnHabits {
  function texts(field: PersonField): string[] {
    const index = columns.find((column) => column.field === field)?.index
    return rows.flatMap(({ row, cells }) => {
      const text = edits?.get(row)?.values?.[field] ?? (index === undefined ? '' : (cells[index] ?? ''))
      const trimmed = text.trim()
      return trimmed === '' || trimmed === '-' ? [] : [trimmed]
    })
  }
  const mapped = new Set(columns.map(({ field }) => field))
  const look = <T>(field: PersonField, learn: (cells: readonly string[]) => T): T =>
    learn(mapped.has(field) ? texts(field) : [])
  return {
    numbers: { did: look('did', learnNumbers), caller_id: look('caller_id', learnNumbers) },
    extensionWidth: look('extension', learnWidth),
    makers: look('mac', learnMakers),
  }
}

function learnNumbers(cells: readonly string[]): NumberHabit {
  const international = cells.filter((text) => /^(?:\+|00)\s*[1-9]/.test(text))
  const plus = isHabit(international.length, cells.length)
  const codes = new Set(plus ? international.slice(0, MAX_SAMPLED).map(codeOf) : [])
  const [callingCode = null] = codes.size === 1 ? codes : []
  const zero = isHabit(cells.filter((text) => /^\(?0[1-9]/.test(text)).length, cells.length)
  return { plus, zero, callingCode }
}

function codeOf(text: string): string | null {
  const number = parseNumber(text)
  return typeof number === 'string' ? callingCodeOfNumber(number) : null
}

function learnWidth(cells: readonly string[]): number | null {
  const widths = new Map<number, number>()
  for (const { length } of cells.filter((text) => /^0\d+$/.test(text)))
    widths.set(length, (widths.get(length) ?? 0) + 1)
  const [usual] = [...widths].toSorted(([, left], [, right]) => right - left)
  return usual !== undefined && isHabit(usual[1], cells.length) ? usual[0] : null
}

function learnMakers(cells: readonly string[]): ReadonlySet<string> {
  return new Set(cells.flatMap((text) => parseMac(text)?.slice(0, 6) ?? []))
}

/** Most: more than two thirds, and enough of them to be one. */
function isHabit(witnesses: number, all: number): boolean {
  return witnesses >= MIN_WITNESSES && witnesses * 3 > all * 2
}
