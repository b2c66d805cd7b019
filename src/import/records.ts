import { CsvError, parse } from 'csv-parse/sync'
import type { Fault } from '../model/fault.ts'
import { endlessLine, headerTooLong, quoteNotClosed, tooManyColumns, tooManyRows } from './file-faults.ts'
import { unguardFormula } from './formula-guard.ts'
import type { TableLimits, TableRow } from './table.ts'

const BLANKS = ' \t\r\n'

/** Leaves csv-parse in the middle of a file that is beyond a limit. */
class BeyondLimit extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

export type Records = {
  header: string[]
  rows: TableRow[]
  /** Why the file could not be read to its end; there are no rows then. */
  fault: Fault | null
}

/**
 * Splits text into header and rows. Quoted cells may hold line breaks, line ends may be mixed, quotes inside unquoted
 * cells stay. Empty rows are counted and left out; empty cells beyond the header are dropped.
 */
export function parseRecords(text: string, delimiter: string, limits: TableLimits): Records {
  if (hasEndlessLine(text, limits)) return { header: [], rows: [], fault: endlessLine(limits) }
  const end = cutEmptyEnd(text, delimiter)
  // Blanks around a quoted cell, as in `1001, "Berg, Anna"`, are no part of it; where text follows a closing quote
  // (`"Anna" Berg`) the parser can only take the quotes as text by not looking for them.
  const isTab = delimiter === '\t'
  return collectRecords(end, delimiter, limits, !isTab) ?? collectRecords(end, delimiter, limits, false)!
}

/** Null when `trim` is in the way. */
function collectRecords(text: string, delimiter: string, limits: TableLimits, trim: boolean): Records | null {
  const rows: TableRow[] = []
  let header: string[] = []
  let above = 0
  let row = 0

  /** Where the parser is: in the record after those it has handed over. */
  function place(): string {
    return header.length === 0 ? 'the header' : `row ${row + 1}`
  }

  function take(record: string[]): null {
    if (record.length > limits.columns) throw new BeyondLimit(tooManyColumns(record.length, limits, place()))
    const filled = record.findLastIndex((cell) => cell.trim() !== '') + 1
    if (header.length === 0) {
      if (record.some((cell) => cell.length > limits.cellLength)) throw new BeyondLimit(headerTooLong(limits))
      header = record.slice(0, filled).map(unguardFormula)
      above += 1
      if (above > limits.rows) throw new BeyondLimit(tooManyRows(limits))
      return null
    }
    row += 1
    // Empty rows count too: the end of the text is cut, so something follows them.
    if (row > limits.rows) throw new BeyondLimit(tooManyRows(limits))
    if (filled === 0) return null
    const kept = record.length > header.length ? record.slice(0, Math.max(filled, header.length)) : record
    rows.push({ row, cells: kept.map(unguardFormula) })
    return null
  }

  const record_delimiter = ['\r\n', '\n', '\r']
  try {
    parse(text, { delimiter, record_delimiter, relax_column_count: true, relax_quotes: true, trim, on_record: take })
  } catch (error) {
    if (error instanceof BeyondLimit) return { header, rows: [], fault: error.fault }
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE') return null
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error
    return { header, rows: [], fault: quoteNotClosed(place()) }
  }
  return { header, rows, fault: null }
}

/** Spreadsheet programs write a million lines of bare delimiters when whole columns were selected. */
function cutEmptyEnd(text: string, delimiter: string): string {
  let end = text.length
  while (end > 0 && (text[end - 1] === delimiter || BLANKS.includes(text[end - 1]!))) end -= 1
  const rest = /[\r\n]/.exec(text.slice(end, end + 10_000))
  return rest ? text.slice(0, end + rest.index) : text
}

/** A line that is beyond a limit in any case, seen before the parser makes millions of cells of it. */
function hasEndlessLine(text: string, limits: TableLimits): boolean {
  // A cell of only double quotes is written twice as long, with two around it and a delimiter behind.
  const longest = limits.columns * (2 * limits.cellLength + 3)
  const end = text.includes('\n') ? '\n' : '\r'
  for (let start = 0; start + longest < text.length;) {
    const next = text.indexOf(end, start)
    if ((next < 0 ? text.length : next) - start > longest) return true
    start = next + 1
  }
  return false
}
