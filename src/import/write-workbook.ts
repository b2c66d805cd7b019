import writeExcelFile, { type Sheet, type SheetData } from 'write-excel-file/node'
import { guardFormula, unguardFormula } from './formula-guard.ts'

export type WorkbookSheetText = {
  name: string
  header: readonly string[]
  rows: Iterable<readonly string[]>
  /** Empty rows below whose cells are text, too, so that what is typed there stays as it is typed. */
  blankRows?: number | undefined
  /** Of the columns, in characters. */
  widths?: readonly number[] | undefined
}

/** Excel's own limit (“Excel specifications and limits”). */
const MAX_CELL = 32_767
/** Midnight, then 1980-01-01. */
const DOS_EPOCH = 0x0021_0000
/** What a reader of workbooks takes for a character written by its number (ECMA-376 part 1, 22.4.2.4). */
const ESCAPE = /_(?=x[0-9a-f]{4}_)/gi

/**
 * Writes an .xlsx workbook in which every cell is a text and is formatted as one (`@`), so that no spreadsheet program
 * takes leading zeros, a `+` or the digits of a MAC address away. `readWorkbook` reads a sheet back as the same table.
 */
export async function writeWorkbook(sheets: readonly WorkbookSheetText[]): Promise<Buffer> {
  const written = sheets.map(({ name, header, rows, blankRows = 0, widths }): Sheet<never> => {
    const lines: SheetData = [header.map((text) => ({ ...writeCell(text), fontWeight: 'bold' as const }))]
    for (const row of rows) lines.push(row.map(writeCell))
    const blank = header.map(() => writeCell(''))
    for (let count = 0; count < blankRows; count += 1) lines.push(blank)
    const columns = header.map((text, index) => ({ width: widths?.[index] ?? Math.max(12, text.length + 4) }))
    return { data: lines, sheet: name, columns, stickyRowsCount: 1 }
  })
  return clearTimes(await writeExcelFile(written).toBuffer())
}

/** The same sheets are the same bytes: every file of the archive is from 1980-01-01 (APPNOTE.TXT, 4.4.6). */
function clearTimes(archive: Buffer): Buffer {
  const end = archive.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
  let entry = archive.readUInt32LE(end + 16)
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    archive.writeUInt32LE(DOS_EPOCH, entry + 12)
    archive.writeUInt32LE(DOS_EPOCH, archive.readUInt32LE(entry + 42) + 10)
    entry += 46 + archive.readUInt16LE(entry + 28) + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32)
  }
  return archive
}

/** A text is never run, so only those need the guard that reading would take one from. */
function writeCell(text: string): { type: StringConstructor; format: string; value?: string } {
  const empty = { type: String, format: '@' }
  if (text === '') return empty
  const kept = (unguardFormula(text) === text ? text : guardFormula(text)).slice(0, MAX_CELL)
  const escaped = kept.replaceAll(ESCAPE, '_x005F_')
  // The library looks texts up in a plain object, which has `toString` and `constructor` from the start.
  return { ...empty, value: escaped in Object.prototype ? escapeFirst(escaped) : escaped }
}

function escapeFirst(text: string): string {
  return `_x${text.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_${text.slice(1)}`
}
