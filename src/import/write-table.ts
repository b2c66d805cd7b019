import { guardFormula } from './formula-guard.ts'

const BYTE_ORDER_MARK = '\ufeff'

/**
 * Writes CSV that spreadsheet programs open as it is meant: UTF-8 with byte order mark, every cell quoted, CRLF
 * (RFC 4180), formulas guarded. {@link readTable} reads it back as the same table, rows of empty cells apart.
 */
export function writeTable(header: readonly string[], rows: Iterable<readonly string[]>): Buffer {
  const lines = [writeLine(header)]
  for (const cells of rows) lines.push(writeLine(cells))
  return Buffer.from(BYTE_ORDER_MARK + lines.join(''))
}

function writeLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${guardFormula(cell).replaceAll('"', '""')}"`).join(',')}\r\n`
}
