import { Fault, placeFault } from '../model/fault.ts'
import { writeCellText } from './cell-text.ts'
import { tooManyColumns, tooManyRows } from './file-faults.ts'
import { makeTable, type ReadOptions } from './read.ts'
import type { Line } from './shape-table.ts'
import { TABLE_LIMITS, type ReadTable, type TableLimits } from './table.ts'

/** A row by API: column name → value; text, number, boolean, list, null to clear, nothing to keep. */
export type SourceRow = Readonly<Record<string, unknown>>

/** Makes a table of rows: a column for every name that occurs, in the order of first occurrence. */
export function readRows(rows: readonly SourceRow[], options: ReadOptions = {}): ReadTable {
  const limits = { ...TABLE_LIMITS, ...options.limits }
  const detected = { format: 'json', encoding: null, delimiter: null, sheet: null, sheets: [] } as const
  const header = collectNames(rows, limits)
  if (header instanceof Fault) {
    return { header: [], rows: [], detected: { ...detected, headerRow: 0 }, problems: [placeFault(header, 0, '')] }
  }
  const lines: Line[] = header.length === 0 ? [] : [{ row: 0, cells: header }]
  for (const [index, row] of rows.entries()) {
    const cells = header.map((name) => (Object.hasOwn(row, name) ? writeCellText(row[name]) : ''))
    if (cells.some((cell) => cell.trim() !== '')) lines.push({ row: index + 1, cells })
  }
  return makeTable(lines, detected, { ...options, headerRow: 0 })
}

function collectNames(rows: readonly SourceRow[], limits: TableLimits): string[] | Fault {
  if (rows.length > limits.rows) return tooManyRows(limits)
  const names = new Set<string>()
  for (const [index, row] of rows.entries()) {
    for (const name of Object.keys(row)) names.add(name)
    if (names.size > limits.columns) return tooManyColumns(names.size, limits, `row ${index + 1}`)
  }
  return [...names]
}
