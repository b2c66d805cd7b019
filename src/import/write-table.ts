import { guardFormula, writeTextFormula } from './formula-guard.ts'

export type TableStyle = {
  /** Numbers as `="+4930…"`, which spreadsheet programs show as the text that it is. */
  excelSafe?: boolean | undefined
}

const BYTE_ORDER_MARK = '\ufeff'

/**
 * Writes CSV that spreadsheet programs open as it is meant: UTF-8 with byte order mark, every cell quoted, CRLF
 * (RFC 4180), formulas guarded. {@link readTable} reads it back as the same table, rows of empty cells apart.
 */
export function writeTable(
  header: readonly string[],
  rows: Iterable<readonly string[]>,
  style: TableStyle = {},
): Buffer {
  return Buffer.concat([writeTableHead(header), writeTableRows(rows, style)])
}

/** The beginning of such a file, which {@link writeTableRows} go on with. */
export function writeTableHead(header: readonly string[]): Buffer {
  return Buffer.from(BYTE_ORDER_MARK + writeLine(header, guardFormula))
}

export function writeTableRows(rows: Iterable<readonly string[]>, { excelSafe = false }: TableStyle = {}): Buffer {
  const guard = excelSafe ? writeTextFormula : guardFormula
  const lines: string[] = []
  for (const cells of rows) lines.push(writeLine(cells, guard))
  return Buffer.from(lines.join(''))
}

function writeLine(cells: readonly string[], guard: (cell: string) => string): string {
  return `${cells.map((cell) => `"${guard(cell).replaceAll('"', '""')}"`).join(',')}\r\n`
}
