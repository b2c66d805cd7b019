import { Fault } from '../model/fault.ts'
import type { TableLimits } from './table.ts'

export function endlessLine(limits: TableLimits): Fault {
  return new Fault(
    'line-too-long',
    `A line is longer than ${limits.columns} cells of ${limits.cellLength} characters`,
    'A text file with one line per person',
  )
}

export function headerTooLong(limits: TableLimits): Fault {
  return new Fault(
    'header-too-long',
    `A column name has more than ${limits.cellLength} characters`,
    'A first line with column names; look for a double quote that is not closed',
  )
}

export function tooManyColumns(columns: number, limits: TableLimits, place: string): Fault {
  return new Fault('too-many-columns', `There are ${columns} columns in ${place}`, `At most ${limits.columns} columns`)
}

export function tooManyRows(limits: TableLimits): Fault {
  return new Fault('too-many-rows', `The file has more than ${limits.rows} rows`, 'Split it into several files')
}

export function quoteNotClosed(place: string): Fault {
  return new Fault(
    'quote-not-closed',
    `A double quote that opens in ${place} is never closed`,
    'Close it, or write "" for a double quote inside a quoted cell',
  )
}
