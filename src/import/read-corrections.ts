import { PERSON_FIELDS, type PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import type { MappedColumn } from './column.ts'
import { collectTexts } from './draft.ts'
import { PROBLEM_HEADER } from './headers.ts'
import type { RowEdit } from './row-edit.ts'
import type { Table } from './table.ts'

export type CorrectionOptions = {
  /** What the stored import reads from which column. */
  columns: readonly MappedColumn[]
  /** The highest row number that the stored import has, edits included; new rows are counted from it. */
  lastRow: number
}

export type Corrections = {
  /** One for every row of the file, with a text for every field that the file has a column for. */
  edits: Map<number, RowEdit>
  /** Rows are those of the stored import where it says which, else those of the file. */
  problems: Problem[]
  /** Columns that nothing was read from, in the order of the file. */
  unknown: string[]
}

const ROW_MARK = /^\s*row\s*(\d{1,9})\s*:/i

/**
 * Reads a corrected errors file (`writeErrors`) back into its import. `read` are problems of reading the table; a row
 * that has one, and everything while row 0 has one, gives no edit. Problems besides: `problem-column-missing` (row 0),
 * `row-mark-invalid`, `row-unknown`, `row-twice`.
 */
export function readCorrections(
  table: Table,
  { columns, lastRow }: CorrectionOptions,
  read: readonly Problem[] = [],
): Corrections {
  const marks = table.header.findIndex((name) => name.trim() === PROBLEM_HEADER)
  const mapped = table.header.flatMap((name, index) => findTargets(name, index, columns))
  const unread = table.header.filter((_, index) => index !== marks && !mapped.some((column) => column.index === index))
  const result: Corrections = { edits: new Map(), problems: [], unknown: unread.filter((name) => name.trim() !== '') }
  if (marks < 0) result.problems.push(markMissing())
  const general = [...read.filter(({ row }) => row === 0), ...result.problems]
  if (general.length > 0) return { ...result, problems: general }

  const broken = Map.groupBy(read, ({ row }) => row)
  let next = lastRow
  for (const { row, cells } of table.rows) {
    const mark = (cells[marks] ?? '').trim()
    const target = mark === '' ? (next += 1) : Number(ROW_MARK.exec(mark)?.[1] ?? NaN)
    const faults = broken.get(row) ?? checkTarget(target, mark, mark === '' ? next : lastRow, result)
    const known = Number.isInteger(target) ? target : row
    if (faults.length > 0) result.problems.push(...faults.map((fault) => ({ ...fault, row: known })))
    else result.edits.set(target, { values: Object.fromEntries(collectTexts(cells, mapped)) })
  }
  return result
}

/** A column of the stored import, or one that {@link PERSON_FIELDS} names, as edits add them. */
function findTargets(name: string, index: number, columns: readonly MappedColumn[]): MappedColumn[] {
  const own = columns.filter(({ header }) => header === name)
  if (own.length > 0) return own.map((column) => ({ ...column, index }))
  const field = PERSON_FIELDS.find((known): known is PersonField => known === name.trim())
  return field === undefined ? [] : [{ header: name, field, index, by: 'name' }]
}

function checkTarget(target: number, mark: string, lastRow: number, { edits }: Corrections): Problem[] {
  if (Number.isNaN(target)) {
    const message = `${quote(mark)} in the column ${PROBLEM_HEADER} does not start with a row`
    return [problemOf('row-mark-invalid', message, 'Row 17: … as it was, or nothing for a new row')]
  }
  if (target < 1 || target > lastRow) {
    return [problemOf('row-unknown', `The import has no row ${target}`, 'An errors file of this import')]
  }
  if (!edits.has(target)) return []
  return [problemOf('row-twice', `Row ${target} stands in the file twice`, 'Keep one; empty the problem of a new row')]
}

function markMissing(): Problem {
  const message = `The file has no column ${PROBLEM_HEADER}, which says what each row corrects`
  return problemOf('problem-column-missing', message, 'The errors file of this import with all its columns')
}

function problemOf(code: string, message: string, suggestion: string): Problem {
  return { row: 0, field: '', code, message, suggestion }
}
