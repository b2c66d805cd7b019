import { parseEmail } from '../model/email.ts'
import { parseMac } from '../model/mac.ts'
import { normaliseHeader } from './header-name.ts'
import { HEADER_TERMS } from './headers.ts'
import type { Line } from './shape-table.ts'

const LONGEST_NAME = 100
const NUMBER = /^[+\d][\d\s./()-]*$/

/**
 * Finds the line with column names: the first one, unless a later one has at least two names that are known, more than
 * any other, and only lines half as wide above it. Such are titles, dates and the `version:v1.0` of Microsoft Entra's
 * bulk files. Answers the line's `row`, 0 without lines.
 */
export function findHeaderRow(lines: readonly Line[]): number {
  let best = lines[0]?.row ?? 0
  let bestKnown = Math.max(1, countKnown(lines[0]))
  let widestAbove = 0
  for (const [index, line] of lines.entries()) {
    const width = line.cells.filter((cell) => cell.trim() !== '').length
    const known = index === 0 ? 0 : countKnown(line)
    if (known > bestKnown && widestAbove <= width / 2 && !holdsPerson(line)) {
      best = line.row
      bestKnown = known
    }
    widestAbove = Math.max(widestAbove, width)
  }
  return best
}

function countKnown(line: Line | undefined): number {
  const known = line?.cells.filter((cell) => cell.length <= LONGEST_NAME && HEADER_TERMS.has(normaliseHeader(cell)))
  return known?.length ?? 0
}

function holdsPerson({ cells }: Line): boolean {
  return cells.some((cell) => {
    const text = cell.trim().slice(0, LONGEST_NAME)
    return NUMBER.test(text) || parseMac(text) !== null || typeof parseEmail(text) === 'string'
  })
}
