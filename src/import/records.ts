import { CsvError, parse } from 'csv-parse/sync'
import { unguardFormula } from './formula-guard.ts'
import type { TableLimits, TableRow } from './table.ts'

type FileFault = { code: string; message: string; suggestion: string }

/** Leaves csv-parse in the middle of a file that is beyond a limit. */
class BeyondLimit extends Error {
  readonly fault: FileFault

  constructor(fault: FileFault) {
    super(fault.message)
    this.fault = fault
  }
}

/**
 * Splits text into header and rows. Quoted cells may hold line breaks, line ends may be mixed, quotes inside unquoted
 * cells stay. Empty rows are counted and left out; empty cells beyond the header are dropped. `fault` says why the
 * file could not be read to its end.
 */
export function parseRecords(
  text: string,
  delimiter: string,
  limits: TableLimits,
): { header: string[]; rows: TableRow[]; fault: FileFault | null } {
  const rows: TableRow[] = []
  let header: string[] = []
  let row = 0

  function take(record: string[]): null {
    if (record.length > limits.columns) throw new BeyondLimit(tooManyColumns(record.length, limits, row))
    const filled = record.findLastIndex((cell) => cell.trim() !== '') + 1
    if (header.length === 0) {
      header = record.slice(0, filled).map(unguardFormula)
      return null
    }
    row += 1
    if (filled === 0) return null
    if (row > limits.rows) throw new BeyondLimit(tooManyRows(limits))
    const kept = record.length > header.length ? record.slice(0, Math.max(filled, header.length)) : record
    rows.push({ row, cells: kept.map(unguardFormula) })
    return null
  }

  try {
    parse(cutEmptyEnd(text, delimiter), {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      on_record: take,
    })
  } catch (error) {
    if (error instanceof BeyondLimit) return { header, rows: [], fault: error.fault }
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') {
      return { header, rows: [], fault: quoteNotClosed(row) }
    }
    throw error
  }
  return { header, rows, fault: null }
}

/** Spreadsheet programs write a million lines of bare delimiters when whole columns were selected. */
function cutEmptyEnd(text: string, delimiter: string): string {
  let end = text.length
  while (end > 0 && (text[end - 1] === delimiter || /\s/.test(text[end - 1]!))) end -= 1
  const rest = /[\r\n]/.exec(text.slice(end, end + 10_000))
  return rest ? text.slice(0, end + rest.index) : text
}

function tooManyColumns(columns: number, limits: TableLimits, row: number): FileFault {
  return {
    code: 'too-many-columns',
    message: `${row === 0 ? 'The header' : `Row ${row + 1}`} has ${columns} columns`,
    suggestion: `At most ${limits.columns} columns`,
  }
}

function tooManyRows(limits: TableLimits): FileFault {
  return {
    code: 'too-many-rows',
    message: `The file has more than ${limits.rows} rows`,
    suggestion: 'Split it into several files',
  }
}

function quoteNotClosed(row: number): FileFault {
  return {
    code: 'quote-not-closed',
    message: `A double quote that opens below row ${row} is never closed`,
    suggestion: 'Close it, or write "" for a double quote inside a quoted cell',
  }
}
