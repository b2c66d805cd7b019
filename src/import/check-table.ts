import { Fault } from '../model/fault.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import type { Table, TableLimits, TableRow } from './table.ts'

/** What is wrong with the shape of a table, whatever its columns mean. */
export function checkTable({ header, rows }: Table, limits: TableLimits): Problem[] {
  return [...checkHeader(header, rows), ...rows.flatMap((row) => checkRow(row, header, limits))]
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
