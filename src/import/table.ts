import type { Problem } from '../model/problem.ts'

/** What every source of people yields: a file, a directory, a form. Cells are text as it was found. */
export type Table = {
  header: readonly string[]
  rows: readonly TableRow[]
}

export type TableRow = {
  /** 1 = the row below the header; empty rows are left out but counted, so that spreadsheet line = row + `headerRow`. */
  row: number
  cells: readonly string[]
}

/** A table read from bytes. With a problem in row 0 that names a limit or a broken quote it has no rows at all. */
export type ReadTable = Table & {
  detected: Detected
  problems: Problem[]
}

/** What a source turned out to be, for an admin to see and to choose otherwise. Null where a format has no such thing. */
export type Detected = {
  format: SourceFormat
  /** As an encoding's name, e.g. `utf-8`, `windows-1252`. */
  encoding: string | null
  /** One character. */
  delimiter: string | null
  /** The sheet of the workbook that was read. */
  sheet: string | null
  /** All sheets of the workbook that can be read. */
  sheets: readonly string[]
  /** 1 = the first line of the file or sheet; row 1 of the table stands below it. 0: there is none. */
  headerRow: number
}

export type SourceFormat = 'csv' | 'xlsx' | 'json'

export type TableLimits = {
  bytes: number
  /** Of the parts of a workbook that are read, together; they are compressed to a tenth of it as a rule. */
  unpackedBytes: number
  /** Rows below the header. */
  rows: number
  columns: number
  /** UTF-16 units in one cell. */
  cellLength: number
}

export const TABLE_LIMITS: TableLimits = {
  bytes: 50_000_000,
  unpackedBytes: 64_000_000,
  rows: 100_000,
  columns: 200,
  cellLength: 2000,
}
