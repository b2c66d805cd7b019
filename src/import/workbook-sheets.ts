export type WorkbookSheet = {
  name: string
  /** Its place among all sheets of the workbook, from 1. */
  number: number
  /** Of its part in the archive. */
  path: string
  isHidden: boolean
}

const MAX_SHEETS = 500
const SHEET = /<(?:\w+:)?sheet\s[^<>]*>/g
const RELATION = /<(?:\w+:)?Relationship\s[^<>]*>/g
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Lists the sheets of an unpacked workbook in their order (ECMA-376 part 1, 18.2.19); the parts that hold them are
 * named by the workbook's relationships (part 2, 9.3). Sheets without such a part, such as charts, are left out.
 */
export function listSheets(files: ReadonlyMap<string, Buffer>): WorkbookSheet[] {
  const paths = new Map<string, string>()
  for (const [tag] of readPart(files, 'xl/_rels/workbook.xml.rels').matchAll(RELATION)) {
    if (!/\/worksheet$/.test(readAttribute(tag, 'Type') ?? '')) continue
    const target = readAttribute(tag, 'Target') ?? ''
    paths.set(readAttribute(tag, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  }
  const tags = [...readPart(files, 'xl/workbook.xml').matchAll(SHEET)].slice(0, MAX_SHEETS).map(([tag]) => tag)
  const named = tags.filter((tag) => (readAttribute(tag, 'name') ?? '') !== '')
  return named.flatMap((tag, index) => {
    const path = paths.get(readAttribute(tag, '\\w+:id') ?? '')
    const isHidden = (readAttribute(tag, 'state') ?? 'visible') !== 'visible'
    return path === undefined ? [] : [{ name: readAttribute(tag, 'name')!, number: index + 1, path, isHidden }]
  })
}

function readPart(files: ReadonlyMap<string, Buffer>, name: string): string {
  return files.get(name)?.toString('utf8') ?? ''
}

function readAttribute(tag: string, name: string): string | null {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  const text = match?.[1] ?? match?.[2]
  return text === undefined ? null : text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, decodeReference)
}

function decodeReference(reference: string, hex?: string, decimal?: string, entity?: string): string {
  if (entity !== undefined) return ENTITIES[entity] ?? reference
  const code = hex === undefined ? Number(decimal) : parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : reference
}
