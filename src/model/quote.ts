const MAX_CODE_POINTS = 40
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Shows foreign text inside a message: one line, at most 40 code points, nothing invisible, in quotation marks. */
export function quote(text: string): string {
  // Only the head is looked at: a cell may be a megabyte long.
  const points = Array.from(text.slice(0, 2 * MAX_CODE_POINTS + 2))
  const cut = points.length > MAX_CODE_POINTS ? `${points.slice(0, MAX_CODE_POINTS).join('')}…` : points.join('')
  return `“${showInvisible(cut)}”`
}

/** Writes out what would not be seen, or would steer a terminal. */
export function showInvisible(text: string): string {
  return text.replaceAll(INVISIBLE, escapeCodePoint)
}

function escapeCodePoint(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}
