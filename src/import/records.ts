import { CsvError, parse } from 'csv-parse/sync'
import type { Fault } from '../model/fault.ts'
import { endlessLine, quoteNotClosed, tooManyColumns, tooManyRows } from './file-faults.ts'
import { unguardFormula } from './formula-guard.ts'
import { countFilled, MAX_LINES_ABOVE, shapeTable, type Line } from './shape-table.ts'
import type { TableLimits } from './table.ts'

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
  /** Without those that hold nothing. */
  lines: Line[]
  /** Why the file could not be read to its end; there are no lines then but those that were read so far. */
  fault: Fault | null
}

/**
 * Splits text into lines of cells. Quoted cells may hold line breaks, line ends may be mixed, quotes inside unquoted
 * cells stay. Lines without anything are counted and left out.
 */
export function parseRecords(text: string, delimiter: string, limits: TableLimits): Records {
  if (hasEndlessLine(text, limits)) return { lines: [], fault: endlessLine(limits) }
  const end = cutEmptyEnd(text, delimiter)
  // Blanks around a quoted cell, as in `1001, "Berg, Anna"`, are no part of it; where text follows a closing quote
  // (`"Anna" Berg`) the parser can only take the quotes as text by not looking for them.
  const isTab = delimiter === '\t'
  return collectRecords(end, delimiter, limits, !isTab) ?? collectRecords(end, delimiter, limits, false)!
}

/** Null when `trim` is in the way. */
function collectRecords(text: string, delimiter: string, limits: TableLimits, trim: boolean): Records | null {
  const lines: Line[] = []
  let row = 0

  /** Where the parser is: in the record after those it has handed over. */
  function place(): string {
    const { headerRow } = shapeTable([...lines.slice(0, MAX_LINES_ABOVE)], limits)
    return headerRow === 0 ? 'the header' : `row ${row + 1 - headerRow}`
  }

  function take(record: string[]): null {
    if (record.length > limits.columns) throw new BeyondLimit(tooManyColumns(record.length, limits, place()))
    row += 1
    // Empty lines count too: the end of the text is cut, so something follows them.
    if (row > limits.rows + 1 + MAX_LINES_ABOVE) throw new BeyondLimit(tooManyRows(limits))
    if (countFilled(record) > 0) lines.push({ row, cells: record.map(unguardFormula) })
    return null
  }

  const record_delimiter = ['\r\n', '\n', '\r']
  try {
    parse(text, { delimiter, record_delimiter, relax_column_count: true, relax_quotes: true, trim, on_record: take })
  } catch (error) {
    if (error instanceof BeyondLimit) return { lines, fault: error.fault }
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE') return null
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error
    return { lines, fault: quoteNotClosed(place()) }
  }
  return { lines, fault: null }
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
