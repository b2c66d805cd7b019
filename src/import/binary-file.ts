/** First bytes of files that people upload by mistake, from the formats' own specifications. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ['504b0304', 'an Excel workbook (.xlsx) or another ZIP archive'],
  ['d0cf11e0a1b11ae1', 'an old Excel workbook (.xls)'],
  ['25504446', 'a PDF'],
  ['1f8b', 'a gzip archive'],
]

/** Says what a file is that is certainly no text table; null for everything else. */
export function recogniseBinaryFile(bytes: Buffer): string | null {
  const start = bytes.toString('hex', 0, 8)
  return SIGNATURES.find(([signature]) => start.startsWith(signature))?.[1] ?? null
}
