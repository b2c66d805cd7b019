/** How a ZIP archive starts, and with it an .xlsx workbook (PKWARE APPNOTE 6.3, 4.3.7). */
const ZIP = '504b0304'
/** First bytes of files that people upload by mistake, from the formats' own specifications. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  [ZIP, 'an Excel workbook (.xlsx) or another ZIP archive'],
  ['d0cf11e0a1b11ae1', 'an old Excel workbook (.xls), or a new one with a password'],
  ['25504446', 'a PDF'],
  ['1f8b', 'a gzip archive'],
]

/** Says what a file is that is certainly no text table; null for everything else. */
export function recogniseBinaryFile(bytes: Buffer): string | null {
  const start = bytes.toString('hex', 0, 8)
  return SIGNATURES.find(([signature]) => start.startsWith(signature))?.[1] ?? null
}

export function isZip(bytes: Buffer): boolean {
  return bytes.toString('hex', 0, 4) === ZIP
}
