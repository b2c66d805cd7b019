import type { PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { MappedColumn } from './column.ts'
import { collectTexts } from './draft.ts'
import { PROBLEM_HEADER } from './headers.ts'
import type { RowEdits } from './row-edit.ts'
import { writeTable } from './write-table.ts'

export type Errors = {
  header: readonly string[]
  /** What is read from which column; needed to show edits. */
  columns?: { mapped: readonly MappedColumn[] } | undefined
  /** As they were found; rows without a problem may be among them and are left out. */
  faulty: readonly { row: number; cells: readonly (string | Secret)[] }[]
  /** All that is known by now, those of the plan included; one of row 0 stands on every row. */
  problems: readonly Problem[]
  /** What the admin corrected since: shown instead of what was found, with rows that only edits make. */
  edits?: RowEdits | undefined
}

type Column = { name: string; write: (row: Row) => string }
type Row = { row: number; cells: readonly string[]; texts: ReadonlyMap<PersonField, string> | null }

/**
 * The rows with problems as a CSV that can be corrected and read again, as a new import or with `readCorrections` into
 * the same one: the columns as they came, then those that edits added, and `problem` last, which starts with the row's
 * number: `Row 17: …`. PINs and passwords stand in it as the admin wrote them: hand it to nobody else, do not keep it.
 */
export function writeErrors({ header, columns, faulty, problems, edits = new Map() }: Errors): Buffer {
  const mapped = columns?.mapped ?? []
  const byRow = Map.groupBy(problems, ({ row }) => row)
  const general = byRow.get(0) ?? []
  const rows = [...faulty, ...listAdded(faulty, edits)]
    .filter(({ row }) => edits.get(row)?.skip !== true && (general.length > 0 || byRow.has(row)))
    .toSorted((left, right) => left.row - right.row)
  const edited = new Set(rows.flatMap(({ row }) => Object.keys(edits.get(row)?.values ?? {}) as PersonField[]))
  const shown = listColumns(header, mapped, edited)
  return writeTable(
    [...shown.map(({ name }) => name), PROBLEM_HEADER],
    rows.map(({ row, cells }) => {
      const values = edits.get(row)?.values
      const open = cells.map(openCell)
      const line = { row, cells: open, texts: edited.size > 0 ? collectTexts(open, mapped, values) : null }
      const text = [...general, ...(byRow.get(row) ?? [])].map(describeProblem).join('\n')
      // Surplus cells keep their row too long, so that it cannot pass by losing them.
      const surplus = values === undefined ? open.slice(header.length) : []
      return [...shown.map(({ write }) => write(line)), `Row ${row}: ${text}`, ...surplus]
    }),
  )
}

/** Rows that are not in the table: made of edits. */
function listAdded(faulty: Errors['faulty'], edits: RowEdits): Errors['faulty'] {
  const there = new Set(faulty.map(({ row }) => row))
  return [...edits.keys()].filter((row) => !there.has(row)).map((row) => ({ row, cells: [] }))
}

/** A whole name cannot show a corrected half of it, so both halves stand in its place then. */
function listColumns(
  header: readonly string[],
  mapped: readonly MappedColumn[],
  edited: ReadonlySet<PersonField>,
): Column[] {
  const shown = new Set<PersonField>()
  function show(field: PersonField): Column {
    shown.add(field)
    return { name: field, write: ({ texts }) => texts?.get(field) ?? '' }
  }
  const columns = header.flatMap((name, index): Column[] => {
    if (name.trim() === PROBLEM_HEADER) return []
    const found: Column = { name, write: ({ cells }) => cells[index] ?? '' }
    const field = mapped.find((column) => column.index === index)?.field
    if (field === 'full_name') {
      return edited.has('first_name') || edited.has('last_name') ? [show('first_name'), show('last_name')] : [found]
    }
    return field !== undefined && edited.has(field) ? [{ ...show(field), name }] : [found]
  })
  const added = [...edited].filter((field) => !shown.has(field)).map(show)
  return [...columns, ...added]
}

function openCell(cell: string | Secret): string {
  return cell instanceof Secret ? cell.reveal() : cell
}

function describeProblem({ field, message, suggestion }: Problem): string {
  const text = field === '' ? message : `${field}: ${message}`
  return suggestion === undefined ? text : `${text} → ${suggestion}`
}
