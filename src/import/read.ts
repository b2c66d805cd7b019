import { placeFault } from '../model/fault.ts'
import type { Problem } from '../model/problem.ts'
import { recogniseBinaryFile } from './binary-file.ts'
import { checkTable } from './check-table.ts'
import { decodeText } from './decode.ts'
import { parseDelimiter, sniffDelimiter, takeSeparatorLine } from './delimiter.ts'
import { parseRecords } from './records.ts'
import { shapeTable, type Line } from './shape-table.ts'
import { TABLE_LIMITS, type Detected, type ReadTable, type TableLimits } from './table.ts'

export type ReadOptions = {
  /** Instead of finding it, e.g. `macroman`. */
  encoding?: string | undefined
  /** Instead of finding it: one character, or `comma`, `semicolon`, `tab`, `pipe`. */
  delimiter?: string | undefined
  /** Instead of finding it: the line with the column names, 1 = the first of the file or sheet. */
  headerRow?: number | undefined
  limits?: Partial<TableLimits> | undefined
}

/**
 * Reads a delimited text file (CSV, TSV, `;`, `|`) into header and rows, all faults as problems. A file that cannot
 * be read to its end yields no rows, so that nobody can mistake a part for the whole.
 * Throws only `input-invalid`, for an encoding or delimiter option that makes no sense.
 */
export function readTable(bytes: Buffer, options: ReadOptions = {}): ReadTable {
  const limits = { ...TABLE_LIMITS, ...options.limits }
  const refusal = refuseBytes(bytes, limits)
  const { text, encoding } = decodeText(refusal ? Buffer.alloc(0) : bytes, options.encoding)
  const table = readText(text, options)
  const detected = { ...table.detected, encoding }
  return refusal ? { header: [], rows: [], detected, problems: [refusal] } : { ...table, detected }
}

/** As {@link readTable}, of text that is decoded already, such as a table pasted from a spreadsheet. */
export function readText(text: string, options: ReadOptions = {}): ReadTable {
  const limits = { ...TABLE_LIMITS, ...options.limits }
  const chosen = options.delimiter === undefined ? null : parseDelimiter(options.delimiter)
  const isTooLarge = text.length > limits.bytes
  const taken = takeSeparatorLine(isTooLarge ? '' : text)
  const delimiter = chosen ?? taken.delimiter ?? sniffDelimiter(taken.text)
  const detected = { format: 'csv', encoding: null, delimiter, sheet: null, sheets: [] } as const
  if (isTooLarge) {
    return {
      header: [],
      rows: [],
      detected: { ...detected, headerRow: 0 },
      problems: [fileTooLarge(text.length, limits)],
    }
  }
  const { lines, fault } = parseRecords(taken.text, delimiter, limits)
  if (fault === null) return makeTable(lines, detected, options)
  const { header, headerRow } = shapeTable(lines, limits, options.headerRow)
  return { header, rows: [], detected: { ...detected, headerRow }, problems: [placeFault(fault, 0, '')] }
}

/** Makes the table of lines of any origin; the last steps are the same for all. */
export function makeTable(lines: Line[], detected: Omit<Detected, 'headerRow'>, options: ReadOptions): ReadTable {
  const limits = { ...TABLE_LIMITS, ...options.limits }
  const { header, headerRow, rows, fault } = shapeTable(lines, limits, options.headerRow)
  const problems = fault === null ? checkTable({ header, rows }, limits) : [placeFault(fault, 0, '')]
  return { header, rows, detected: { ...detected, headerRow }, problems }
}

function refuseBytes(bytes: Buffer, limits: TableLimits): Problem | null {
  if (bytes.length > limits.bytes) return fileTooLarge(bytes.length, limits)
  const kind = recogniseBinaryFile(bytes)
  if (kind === null) return null
  const suggestion = 'Save the sheet as “CSV UTF-8” or as .xlsx and choose that file'
  return { row: 0, field: '', code: 'file-not-a-table', message: `The file is ${kind}, not a text table`, suggestion }
}

/** Row 0. */
export function fileTooLarge(bytes: number, limits: TableLimits): Problem {
  const message = `The file has ${bytes} bytes`
  return { row: 0, field: '', code: 'file-too-large', message, suggestion: `At most ${limits.bytes} bytes; split it` }
}
