import { Fault } from '../model/fault.ts'
import { tooManyColumns, tooManyRows } from './file-faults.ts'
import { MAX_LINES_ABOVE } from './shape-table.ts'
import type { TableLimits } from './table.ts'

/** Addresses of rows and cells (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73), wherever they stand; `xmlns:r` is none. */
const ADDRESS = /(?:\s|(?<!xmlns):)r\s*=\s*(?:"([^"]*)"|'([^']*)')/g
/** What programs write where only a format was set; LibreOffice does so for the last row of a sheet. */
const EMPTY_CELL = /<(?:\w+:)?c(?:\s[^<>]*)?(?:\/>|>\s*<\/(?:\w+:)?c>)/g
const EMPTY_ROW = /<(?:\w+:)?row(?:\s[^<>]*)?(?:\/>|>\s*<\/(?:\w+:)?row>)/g
/** The reader fills gaps: two cells in far corners would become millions. This many a cell are nobody's table. */
const GAPS_PER_CELL = 20
const FREE_CELLS = 1_000_000

type Extent = { rows: number; columns: number; cells: number }

/**
 * Bounds what the reader of a sheet makes of it, from the addresses in its XML; answers the XML without far cells
 * that hold only a format. Faults: `too-many-rows`, `too-many-columns`, `sheet-too-sparse`.
 */
export function boundSheet(xml: string, limits: TableLimits): string | Fault {
  if (findFault(measure(xml), limits) === null) return xml
  const filled = xml.replaceAll(EMPTY_CELL, '').replaceAll(EMPTY_ROW, '')
  return findFault(measure(filled), limits) ?? filled
}

function findFault({ rows, columns, cells }: Extent, limits: TableLimits): Fault | null {
  if (rows > limits.rows + 1 + MAX_LINES_ABOVE) return tooManyRows(limits)
  if (columns > limits.columns) return tooManyColumns(columns, limits, 'the sheet')
  if (rows * columns <= FREE_CELLS + GAPS_PER_CELL * cells) return null
  const message = `The sheet spreads ${cells} cells over ${rows} rows and ${columns} columns`
  return new Fault('sheet-too-sparse', message, 'Copy the table into a new workbook')
}

function measure(xml: string): Extent {
  const extent = { rows: 0, columns: 0, cells: 0 }
  for (const [, double, single] of xml.matchAll(ADDRESS)) {
    const address = double ?? single ?? ''
    let at = 0
    let column = 0
    for (let code = address.charCodeAt(at); code > 57; code = address.charCodeAt((at += 1))) {
      column = column * 26 + code - 64
      if (column > 1e6) break
    }
    // An address that hides behind a character reference is taken for one that is too far.
    const row = address.includes('&') ? Infinity : Number(address.slice(at))
    if (row > extent.rows) extent.rows = row
    if (column > extent.columns) extent.columns = column
    if (at > 0) extent.cells += 1
  }
  return extent
}
