/**
 * What a spreadsheet program runs as a formula when a cell starts with it (OWASP ASVS 5.0, 1.2.10).
 * Quotes in front count as part of the text, so that guarding and unguarding are exact inverses.
 */
const STARTS_FORMULA = /^'*[=+\-@\t\r\0]/
const GUARDED = /^'+[=+\-@\t\r\0]/
/** `="0049…"`: how people keep a spreadsheet program from reading a text as a number. */
const TEXT_FORMULA = /^="([^"]*)"$/
/** What a spreadsheet program takes for a number or date; a text in a formula has at most 255 characters in Excel. */
const LOOKS_NUMERIC = /^\+?\d[^"\r\n]{0,250}$/

/** Puts one `'` before a cell that a spreadsheet program would run. */
export function guardFormula(cell: string): string {
  return STARTS_FORMULA.test(cell) ? `'${cell}` : cell
}

/** As {@link guardFormula}, but what looks like a number becomes `="text"`: it is shown without a `'` and stays whole. */
export function writeTextFormula(cell: string): string {
  return LOOKS_NUMERIC.test(cell) ? `="${cell}"` : guardFormula(cell)
}

/** Takes back exactly one `'` of {@link guardFormula}, and reads `="text"` as its text. */
export function unguardFormula(cell: string): string {
  const first = cell.charCodeAt(0)
  if (first === 0x27) return GUARDED.test(cell) ? cell.slice(1) : cell
  if (first === 0x3d) return TEXT_FORMULA.exec(cell)?.[1] ?? cell
  return cell
}
