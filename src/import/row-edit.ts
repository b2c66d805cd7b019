import type { PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { MappedColumn } from './column.ts'
import type { ColumnTarget } from './headers.ts'
import type { Table, TableRow } from './table.ts'

/** An admin's correction of one row of a stored import. */
export type RowEdit = {
  /** Texts as in a cell, instead of what the row says; also for fields that no column has. */
  values?: Partial<Record<PersonField, string>> | undefined
  /** The row is left out altogether. */
  skip?: boolean | undefined
}

/** Row → its correction. A row that the table does not have is a new one, made of its edit alone. */
export type RowEdits = ReadonlyMap<number, RowEdit>

export type EditedRows = {
  /** In the order of their numbers, new ones included. */
  rows: readonly TableRow[]
  /** How many rows of the table are left out. */
  skipped: number
}

/** The rows that count: without those that are left out, with those that were added. Cells stay as they were found. */
export function editRows({ rows }: Table, edits: RowEdits | undefined): EditedRows {
  if (edits === undefined || edits.size === 0) return { rows, skipped: 0 }
  const kept = rows.filter(({ row }) => edits.get(row)?.skip !== true)
  const there = new Set(rows.map(({ row }) => row))
  const added = [...edits].flatMap(([row, { values, skip }]): TableRow[] =>
    there.has(row) || skip === true || !hasText(values) ? [] : [{ row, cells: [] }],
  )
  const all = added.length === 0 ? kept : [...kept, ...added].toSorted((left, right) => left.row - right.row)
  return { rows: all, skipped: rows.length - kept.length }
}

/** Problems of reading that still stand: not those of rows that are left out or {@link isRewritten | rewritten}. */
export function dropSettled(
  found: readonly Problem[],
  columns: readonly MappedColumn[],
  edits: RowEdits | undefined,
): readonly Problem[] {
  if (edits === undefined || edits.size === 0) return found
  return found.filter(({ row }) => {
    const edit = edits.get(row)
    return edit === undefined || (edit.skip !== true && !isRewritten(edit, columns))
  })
}

/** True when every column that is read has a new text, so that it no longer matters where the old cells stood. */
function isRewritten({ values = {} }: RowEdit, columns: readonly MappedColumn[]): boolean {
  return columns.length > 0 && columns.flatMap(({ field }) => fieldsOf(field)).every((field) => field in values)
}

function fieldsOf(target: ColumnTarget): readonly PersonField[] {
  return target === 'full_name' ? ['first_name', 'last_name'] : [target]
}

function hasText(values: RowEdit['values'] = {}): boolean {
  return Object.values(values).some((text) => text.trim() !== '')
}
