import { packZip } from '../../src/import/zip-archive.ts'

const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

/** The parts of a workbook of one sheet whose `sheetData` is given, as spreadsheet programs write them. */
export function workbookParts(sheetData: string, sheets = ['People']): Map<string, Buffer> {
  const list = sheets.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')
  const relations = sheets.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`))
  const parts: [string, string][] = [
    ['[Content_Types].xml', '<Types/>'],
    ['xl/workbook.xml', `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets>${list}</sheets></workbook>`],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships>${relations.join('')}${relation('rId98', 'styles', 'styles.xml')}${relation('rId99', 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    ],
    [
      'xl/styles.xml',
      '<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    ],
    [
      'xl/sharedStrings.xml',
      '<sst><si><t>Name</t></si><si><r><t>Anna </t></r><r><rPr><b/></rPr><t>Berg</t></r></si></sst>',
    ],
    ...sheets.map((name, at): [string, string] => [
      `xl/worksheets/sheet${at + 1}.xml`,
      at === 0 ? sheet(sheetData) : sheet(row(1, text('A1', 'Extension')) + row(2, text('A2', `on ${name}`))),
    ]),
  ]
  return new Map(parts.map(([name, xml]) => [name, Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${xml}`)]))
}

export function workbook(sheetData: string, sheets?: string[]): Buffer {
  return packZip(workbookParts(sheetData, sheets))
}

export function row(number: number, cells: string): string {
  return `<row r="${number}">${cells}</row>`
}

export function text(address: string, value: string): string {
  return `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`
}

export function number(address: string, value: string): string {
  return `<c r="${address}"><v>${value}</v></c>`
}

function sheet(sheetData: string): string {
  return `<worksheet xmlns="${MAIN}" xmlns:r="${REL}"><sheetData>${sheetData}</sheetData></worksheet>`
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`
}
