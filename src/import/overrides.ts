import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import type { IgnoredColumn, MappedColumn } from './column.ts'
import { normaliseHeader } from './header-name.ts'
import { COLUMN_TARGETS, type ColumnTarget } from './headers.ts'
import { nearest } from '../model/nearest.ts'

/**
 * Field → column name, as an admin chose it. One column may serve several fields. A name of `''` or `-` takes the field
 * from no column; the field `-` names columns that are left out.
 */
export type Overrides = Readonly<Record<string, string | readonly string[]>>

export type Overridden = {
  mapped: MappedColumn[]
  ignored: IgnoredColumn[]
  /** Fields that no column may claim. */
  unread: ColumnTarget[]
  problems: Problem[]
}

/** Finds the chosen columns, by exact name and then by normalised name. Problems: `field-unknown`, `column-missing`. */
export function applyOverrides(header: readonly string[], overrides: Overrides): Overridden {
  const mapped: MappedColumn[] = []
  const ignored: IgnoredColumn[] = []
  const unread: ColumnTarget[] = []
  const problems: Problem[] = []
  const choices = Object.entries(overrides).flatMap(([name, names]) =>
    [names].flat().map((one) => [name, one] as const),
  )
  for (const [name, wanted] of choices) {
    const field = COLUMN_TARGETS.find((target) => target === name)
    const index = findColumn(header, wanted)
    if (isNothing(name)) {
      if (index < 0) problems.push(columnMissing('', wanted, header))
      else ignored.push({ header: header[index]!, index, reason: 'chosen' })
    } else if (field === undefined) problems.push(fieldUnknown(name))
    else if (isNothing(wanted)) unread.push(field)
    else if (index < 0) problems.push(columnMissing(field, wanted, header))
    else mapped.push({ header: header[index]!, field, index, by: 'override' })
  }
  return { mapped, ignored, unread, problems }
}

/** How an admin, or what is remembered of one, says “none”. */
export function isNothing(name: string): boolean {
  return name.trim() === '' || name.trim() === '-'
}

function findColumn(header: readonly string[], wanted: string): number {
  const exact = header.findIndex((name) => name.trim() === wanted.trim())
  if (exact >= 0 || wanted.trim() === '') return exact
  const term = normaliseHeader(wanted)
  const same = header.flatMap((name, index) => (normaliseHeader(name) === term ? [index] : []))
  return same.length === 1 ? same[0]! : -1
}

function fieldUnknown(name: string): Problem {
  const meant = nearest(normaliseHeader(name), COLUMN_TARGETS.map(normaliseHeader))
  const field = COLUMN_TARGETS.find((target) => normaliseHeader(target) === meant)
  const suggestion = field ?? `One of ${COLUMN_TARGETS.join(', ')}`
  return { row: 0, field: '', code: 'field-unknown', message: `There is no field ${quote(name)}`, suggestion }
}

function columnMissing(field: ColumnTarget | '', wanted: string, header: readonly string[]): Problem {
  const meant = nearest(normaliseHeader(wanted), header.map(normaliseHeader))
  const column = header.find((name) => normaliseHeader(name) === meant)
  const choices = header.filter((name) => name.trim() !== '').slice(0, 20)
  return {
    row: 0,
    field,
    code: 'column-missing',
    message: `The file has no single column ${quote(wanted)} ${field === '' ? 'to leave out' : `to read ${field} from`}`,
    suggestion: column === undefined ? `One of ${choices.map(quote).join(', ')}` : quote(column),
  }
}
