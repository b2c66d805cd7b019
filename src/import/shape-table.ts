import type { Fault } from '../model/fault.ts'
import { headerTooLong, tooManyRows } from './file-faults.ts'
import { findHeaderRow } from './header-row.ts'
import type { TableLimits, TableRow } from './table.ts'

/** A line of a file or sheet with something in it. `row` is its place there, 1 = the first; empty lines count. */
export type Line = { row: number; cells: string[] }

/** Lines above the header that are looked at and left out: titles, `version:v1.0`. */
export const MAX_LINES_ABOVE = 20

export type Shape = {
  header: string[]
  /** 0 when there is no line at all. */
  headerRow: number
  rows: TableRow[]
  /** Why there are no rows. */
  fault: Fault | null
}

/**
 * Makes header and rows of lines: finds the header below titles unless `chosen` names its line, numbers the rows from
 * it and drops empty cells beyond it. Takes the lines over: they are renumbered in place.
 */
export function shapeTable(lines: Line[], limits: TableLimits, chosen?: number): Shape {
  const headerRow = chosen ?? findHeaderRow(lines.slice(0, MAX_LINES_ABOVE + 1))
  const at = lines.findIndex(({ row }) => row >= headerRow)
  const line = lines[at]
  if (line === undefined) return { header: [], headerRow: 0, rows: [], fault: null }
  const header = line.cells.slice(0, countFilled(line.cells))
  const shape = { header, headerRow: line.row, rows: [], fault: null }
  if (header.some((cell) => cell.length > limits.cellLength)) return { ...shape, fault: headerTooLong(limits) }
  if (lines.at(-1)!.row - line.row > limits.rows) return { ...shape, fault: tooManyRows(limits) }
  const rows = lines.slice(at + 1)
  for (const row of rows) {
    row.row -= shape.headerRow
    if (row.cells.length > header.length) row.cells.length = Math.max(countFilled(row.cells), header.length)
  }
  return { ...shape, rows }
}

/** How many cells are left without the empty ones at the end. */
export function countFilled(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1
}
