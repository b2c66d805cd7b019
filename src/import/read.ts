import { Fault, placeFault } from '../model/fault.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import { recogniseBinaryFile } from './binary-file.ts'
import { decodeText } from './decode.ts'
import { parseDelimiter, sniffDelimiter, takeSeparatorLine } from './delimiter.ts'
import { parseRecords } from './records.ts'
import { TABLE_LIMITS, type Detected, type ReadTable, type TableLimits, type TableRow } from './table.ts'

export type ReadOptions = {
  /** Instead of finding it, e.g. `macroman`. */
  encoding?: string | undefined
  /** Instead of finding it: one character, or `comma`, `semicolon`, `tab`, `pipe`. */
  delimiter?: string | undefined
  limits?: Partial<TableLimits> | undefined
}

/**
 * Reads a delimited text file (CSV, TSV, `;`, `|`) into header and rows, all faults as problems. A file that cannot
 * be read to its end yields no rows, so that nobody can mistake a part for the whole.
 * Throws only `input-invalid`, for an encoding or delimiter option that makes no sense.
 */
export function readTable(bytes: Buffer, options: ReadOptions = {}): ReadTable {
  const limits = { ...TABLE_LIMITS, ...options.limits }
  const chosen = options.delimiter === undefined ? null : parseDelimiter(options.delimiter)
  const refusal = refuseBytes(bytes, limits)
  const decoded = decodeText(refusal ? Buffer.alloc(0) : bytes, options.encoding)
  const { text, delimiter: announced } = takeSeparatorLine(decoded.text)
  const delimiter = chosen ?? announced ?? sniffDelimiter(text)
  const detected: Detected = {
    ...{ format: 'csv', encoding: decoded.encoding, delimiter },
    ...{ sheet: null, sheets: [], headerRow: 1 },
  }
  if (refusal) return { header: [], rows: [], detected, problems: [refusal] }

  const { header, rows, fault } = parseRecords(text, delimiter, limits)
  if (fault) return { header, rows: [], detected, problems: [placeFault(fault, 0, '')] }
  const problems = [...checkHeader(header, rows), ...rows.flatMap((row) => checkRow(row, header, limits))]
  return { header, rows, detected, problems }
}

function refuseBytes(bytes: Buffer, limits: TableLimits): Problem | null {
  if (bytes.length > limits.bytes) {
    const message = `The file has ${bytes.length} bytes`
    return { row: 0, field: '', code: 'file-too-large', message, suggestion: `At most ${limits.bytes} bytes; split it` }
  }
  const kind = recogniseBinaryFile(bytes)
  if (kind === null) return null
  const suggestion = 'Save the sheet as “CSV UTF-8” and choose that file'
  return { row: 0, field: '', code: 'file-not-a-table', message: `The file is ${kind}, not a text table`, suggestion }
}

function checkHeader(header: readonly string[], rows: readonly TableRow[]): Problem[] {
  if (header.length === 0) {
    const suggestion = 'A first line with column names, then one line per person'
    return [{ row: 0, field: '', code: 'file-empty', message: 'The file is empty', suggestion }]
  }
  const problems: Problem[] = []
  const names = header.map((name) => name.trim().normalize('NFC')).filter((name) => name !== '')
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  for (const name of twice) {
    const message = `Two columns are called ${quote(name)}`
    problems.push({ row: 0, field: '', code: 'header-duplicate', message, suggestion: 'Rename or remove one of them' })
  }
  if (rows.length === 0) {
    const message = 'There is a header but no row below it'
    problems.push({ row: 0, field: '', code: 'rows-missing', message, suggestion: 'One line per person' })
  }
  return problems
}

function checkRow({ row, cells }: TableRow, header: readonly string[], limits: TableLimits): Problem[] {
  const problems: Problem[] = []
  if (cells.length !== header.length) {
    problems.push({
      row,
      field: '',
      code: cells.length < header.length ? 'row-short' : 'row-long',
      message: `The row has ${cells.length} cells, the header ${header.length}`,
      suggestion: 'As many cells as the header; put a cell that holds the delimiter in double quotes',
    })
  }
  for (const [index, cell] of cells.entries()) {
    const fault = checkCell(cell, limits)
    if (!fault) continue
    const message = `The cell below ${quote(header[index] ?? `column ${index + 1}`)} ${fault.message}`
    problems.push({ row, field: '', code: fault.code, message, suggestion: fault.suggestion })
  }
  return problems
}

function checkCell(cell: string, limits: TableLimits): Fault | null {
  if (cell.length > limits.cellLength) {
    const suggestion = `At most ${limits.cellLength} characters; look for a double quote that is not closed`
    return new Fault('cell-too-long', `has ${cell.length} characters`, suggestion)
  }
  if (!cell.includes('\0')) return null
  const suggestion = 'Save the file as text again, or choose the encoding in which it was saved'
  return new Fault('nul-character', 'holds a NUL character', suggestion)
}
