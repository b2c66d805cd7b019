import { guardFormula, unguardFormula } from './formula-guard.ts'
import { openZip } from './zip-writer.ts'

/** A sheet as it is opened; what stands below the header comes with `add`. */
export type SheetHead = {
  name: string
  header: readonly string[]
  /** Of the columns, in characters. */
  widths?: readonly number[] | undefined
}

/** Makes a workbook bit by bit: each call gives the bytes that come next. */
export type WorkbookWriter = {
  /** The next of the sheets. */
  sheet(head: SheetHead): Buffer
  add(rows: Iterable<readonly string[]>): Buffer
  end(): Buffer
}

/** Excel's own limit (“Excel specifications and limits”). */
const MAX_CELL = 32_767
/** What a reader of workbooks takes for a character written by its number (ECMA-376 part 1, 22.4.2.4). */
const ESCAPE = /_(?=x[0-9a-f]{4}_)/gi
/** What XML 1.0 does not let through (2.2), or not as it is (2.11). */
const UNWRITABLE = /[\0-\x08\x0b-\x1f\ufffe\uffff]/g
const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
/** Number format 49 is `@`, text (ECMA-376 part 1, 18.8.30); style 2 is bold. */
const STYLES = `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
const TEXT = 1
const BOLD = 2

/**
 * Opens an .xlsx workbook with these sheets, in which every cell is a text and every column is formatted as one (`@`), so
 * that no spreadsheet program takes leading zeros, a `+` or the digits of a MAC address away, neither from what stands
 * there nor from what is typed below. `readWorkbook` reads a sheet back as the same table.
 */
export function openWorkbook(names: readonly string[]): WorkbookWriter {
  const zip = openZip()
  const parts = [...describeParts(names)].flatMap(([name, xml]) => [zip.file(name), zip.add(DECLARATION + xml)])
  let before = Buffer.concat(parts)
  let sheets = 0
  let row = 0
  const closeSheet = () => (sheets === 0 ? Buffer.alloc(0) : zip.add('</sheetData></worksheet>'))
  return {
    sheet({ name, header, widths }) {
      if (names[sheets] !== name) throw new RangeError(`the sheet ${names[sheets] ?? '(none)'} comes next, not ${name}`)
      const closed = closeSheet()
      const bytes = [before, closed, zip.file(`xl/worksheets/sheet${++sheets}.xml`)]
      before = Buffer.alloc(0)
      row = 1
      const columns = header.map((text, at) => writeColumn(at + 1, widths?.[at] ?? Math.max(12, text.length + 4)))
      const view = `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
      const start = `<worksheet xmlns="${MAIN}">${view}<cols>${columns.join('')}</cols><sheetData>`
      return Buffer.concat([...bytes, zip.add(DECLARATION + start + writeRow(row, header, BOLD))])
    },
    add(rows) {
      let xml = ''
      for (const cells of rows) xml += writeRow(++row, cells, TEXT)
      return xml === '' ? Buffer.alloc(0) : zip.add(xml)
    },
    end: () => Buffer.concat([closeSheet(), zip.end()]),
  }
}

/** A whole workbook at once. */
export function writeWorkbook(sheets: readonly (SheetHead & { rows: Iterable<readonly string[]> })[]): Buffer {
  const workbook = openWorkbook(sheets.map(({ name }) => name))
  const parts = sheets.flatMap((sheet) => [workbook.sheet(sheet), workbook.add(sheet.rows)])
  return Buffer.concat([...parts, workbook.end()])
}

/** The parts beside the sheets (ECMA-376 part 1, 12.3). */
function* describeParts(names: readonly string[]): Generator<[name: string, xml: string]> {
  const each = (write: (number: number, name: string) => string) =>
    names.map((name, at) => write(at + 1, name)).join('')
  const types = each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`)
  const relation = (id: number, kind: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`
  yield [
    '[Content_Types].xml',
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${types}</Types>`,
  ]
  const root = relation(1, 'officeDocument', 'xl/workbook.xml')
  yield ['_rels/.rels', `<Relationships xmlns="${PACKAGE}/relationships">${root}</Relationships>`]
  const listed = each((n, name) => `<sheet name="${escapeXml(name)}" sheetId="${n}" r:id="rId${n}"/>`)
  yield ['xl/workbook.xml', `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${listed}</sheets></workbook>`]
  const targets = each((n) => relation(n, 'worksheet', `worksheets/sheet${n}.xml`))
  const styles = relation(names.length + 1, 'styles', 'styles.xml')
  const links = `<Relationships xmlns="${PACKAGE}/relationships">${targets}${styles}</Relationships>`
  yield ['xl/_rels/workbook.xml.rels', links]
  yield ['xl/styles.xml', STYLES]
}

function writeColumn(number: number, width: number): string {
  return `<col min="${number}" max="${number}" width="${width}" style="${TEXT}" customWidth="1"/>`
}

function writeRow(row: number, cells: readonly string[], style: number): string {
  let xml = `<row r="${row}">`
  for (const [at, text] of cells.entries()) if (text !== '') xml += writeCell(`${nameColumn(at)}${row}`, text, style)
  return `${xml}</row>`
}

/** A text is never run, so only those need the guard that reading would take one from. */
function writeCell(place: string, text: string, style: number): string {
  const kept = (unguardFormula(text) === text ? text : guardFormula(text)).slice(0, MAX_CELL)
  const space = /^\s|\s$|\n/.test(kept) ? ' xml:space="preserve"' : ''
  const escaped = escapeXml(kept.toWellFormed().replaceAll(ESCAPE, '_x005F_').replaceAll(UNWRITABLE, escapeByNumber))
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t${space}>${escaped}</t></is></c>`
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => MARKUP[character]!)
}

function escapeByNumber(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
}

/** A … Z, AA … */
function nameColumn(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : nameColumn(Math.floor(at / 26) - 1) + nameColumn(at % 26)
}
