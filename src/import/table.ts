import type { Problem } from '../model/problem.ts'

/** What every source of people yields: a file, a directory, a form. Cells are text as it was found. */
export type Table = {
  header: readonly string[]
  rows: readonly TableRow[]
}

export type TableRow = {
  /** 1 = the row below the header; empty rows are left out but counted, so that spreadsheet line = row + 1. */
  row: number
  cells: readonly string[]
}

/** A table read from bytes. With a problem in row 0 that names a limit or a broken quote it has no rows at all. */
export type ReadTable = Table & {
  /** As an encoding's name, e.g. `utf-8`, `windows-1252`. */
  encoding: string
  /** One character. */
  delimiter: string
  problems: Problem[]
}

export type TableLimits = {
  bytes: number
  /** Rows below the header. */
  rows: number
  columns: number
  /** UTF-16 units in one cell. */
  cellLength: number
}

export const TABLE_LIMITS: TableLimits = { bytes: 50_000_000, rows: 100_000, columns: 200, cellLength: 2000 }
