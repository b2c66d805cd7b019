import { readSheet } from 'read-excel-file/node'
import { Fault, placeFault } from '../model/fault.ts'
import { quote } from '../model/quote.ts'
import { NumberText, writeCellText } from './cell-text.ts'
import { unguardFormula } from './formula-guard.ts'
import { makeTable, type ReadOptions } from './read.ts'
import { countFilled, type Line } from './shape-table.ts'
import { boundSheet } from './sheet-extent.ts'
import { TABLE_LIMITS, type Detected, type ReadTable, type TableLimits } from './table.ts'
import { listSheets, type WorkbookSheet } from './workbook-sheets.ts'
import { isPlainXml } from './xml-tokens.ts'
import { packZip, unpackZip, type ZipFault } from './zip-archive.ts'

export type WorkbookOptions = ReadOptions & {
  /** Name of the sheet; the first visible one if absent. */
  sheet?: string | undefined
}

type Files = ReadonlyMap<string, Buffer>

const PART =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|xl\/_rels\/workbook\.xml\.rels|xl\/(?:workbook|styles|sharedStrings)\.xml)$/i
const SUGGESTION = 'Open it in a spreadsheet program, save it again as .xlsx or as “CSV UTF-8” and choose that file'

/**
 * Reads one sheet of an .xlsx workbook, all faults as problems. Work and memory are bounded by the limits, whatever
 * the archive says of itself: only the parts that are needed are unpacked, and sizes are counted, not believed.
 */
export async function readWorkbook(bytes: Buffer, options: WorkbookOptions = {}): Promise<ReadTable> {
  const limits = { ...TABLE_LIMITS, ...options.limits }
  const opened = openSheet(bytes, options.sheet, limits)
  const detected: Omit<Detected, 'headerRow'> = {
    ...{ format: 'xlsx', encoding: null, delimiter: null },
    ...{ sheet: null, sheets: opened.sheets.map(({ name }) => name) },
  }
  function refuse(fault: Fault): ReadTable {
    return { header: [], rows: [], detected: { ...detected, headerRow: 0 }, problems: [placeFault(fault, 0, '')] }
  }
  if (opened.sheet instanceof Fault) return refuse(opened.sheet)
  detected.sheet = opened.sheet.name
  const rows = await readCells(packZip(opened.files), opened.sheet.number)
  return rows === null ? refuse(brokenWorkbook()) : makeTable(toLines(rows), detected, options)
}

/** Unpacks the chosen sheet and what its cells refer to. */
function openSheet(
  bytes: Buffer,
  wanted: string | undefined,
  limits: TableLimits,
): { files: Files; sheets: WorkbookSheet[]; sheet: WorkbookSheet | Fault } {
  const none = { files: new Map<string, Buffer>(), sheets: [] }
  const files = unpackZip(bytes, (name) => PART.test(name), limits.unpackedBytes)
  if (typeof files === 'string') return { ...none, sheet: describeZipFault(files, limits) }
  const sheets = listSheets(files)
  if (sheets.length === 0) return { ...none, sheet: brokenWorkbook() }
  const sheet =
    wanted === undefined ? (sheets.find(({ isHidden }) => !isHidden) ?? sheets[0]!) : findSheet(sheets, wanted)
  if (sheet instanceof Fault) return { files, sheets, sheet }
  const left = limits.unpackedBytes - sum([...files.values()].map(({ length }) => length))
  const part = unpackZip(bytes, (name) => name === sheet.path, left)
  if (typeof part === 'string') return { files, sheets, sheet: describeZipFault(part, limits) }
  const text = part.get(sheet.path)?.toString('utf8') ?? ''
  if (![text, ...[...files.values()].map(String)].every(isPlainXml)) return { files, sheets, sheet: brokenWorkbook() }
  const xml = boundSheet(text, limits)
  if (xml instanceof Fault) return { files, sheets, sheet: xml }
  // An error such as #N/A is text to us; the reader would make an empty cell of it, which says “keep”.
  const told = xml.includes('t="e"') ? xml.replaceAll(/(<(?:\w+:)?c\s[^<>]*\bt=)"e"/g, '$1"str"') : xml
  return { files: new Map([...files, [sheet.path, Buffer.from(told)]]), sheets, sheet }
}

function findSheet(sheets: readonly WorkbookSheet[], wanted: string): WorkbookSheet | Fault {
  const name = wanted.trim().toLowerCase()
  const found =
    sheets.find((sheet) => sheet.name === wanted) ?? sheets.find((sheet) => sheet.name.trim().toLowerCase() === name)
  if (found) return found
  const names = sheets.slice(0, 20).map((sheet) => quote(sheet.name))
  return new Fault('sheet-unknown', `The workbook has no sheet ${quote(wanted)}`, `One of ${names.join(', ')}`)
}

/** Null for a workbook that cannot be read. `number` is the place of the sheet, from 1. */
async function readCells(workbook: Buffer, number: number): Promise<readonly (readonly unknown[])[] | null> {
  try {
    return await readSheet(workbook, number, { trim: false, parseNumber: (text: string) => new NumberText(text) })
  } catch {
    // Whatever it says, the cause is the file: the archive around it is our own, and it is asked for nothing else.
    return null
  }
}

function toLines(rows: readonly (readonly unknown[])[]): Line[] {
  return rows.flatMap((row, index) => {
    const cells = row.map((value) => (value === null ? '' : unguardFormula(writeCellText(value))))
    return countFilled(cells) === 0 ? [] : [{ row: index + 1, cells }]
  })
}

function describeZipFault(fault: ZipFault, limits: TableLimits): Fault {
  if (fault === 'too-large') {
    const message = `The workbook unpacks to more than ${limits.unpackedBytes} bytes`
    return new Fault('file-too-large', message, 'Delete sheets and columns that are not needed, or split it')
  }
  if (fault === 'broken') return brokenWorkbook()
  return new Fault('file-encrypted', 'The workbook has a password', 'Save it without a password')
}

function brokenWorkbook(): Fault {
  return new Fault('file-broken', 'The file is no workbook (.xlsx) that can be read; it may be damaged', SUGGESTION)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
