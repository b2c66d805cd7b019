/** What starts with `<` and does not end at the next `>`. */
const SPANS: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
]
const GREATER = 0x3e
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27

/** A cell holds 32,767 characters (Excel specifications), some of them written as references. */
const LONGEST_TOKEN = 0x10000
/** Parts of a workbook nest a dozen elements. */
const DEEPEST = 100

/**
 * True for XML that a reader can work through in time that grows with its length alone: every tag, comment and text
 * ends within 64 Ki characters, and nothing nests deeply. A reader that works in pieces starts a token anew with every
 * piece, so one of some megabytes would keep it busy for hours.
 */
export function isPlainXml(xml: string): boolean {
  let at = 0
  let depth = 0
  for (let start = xml.indexOf('<'); start >= 0; start = xml.indexOf('<', at)) {
    if (start - at > LONGEST_TOKEN) return false
    at = findTokenEnd(xml, start, LONGEST_TOKEN)
    if (at < 0) return false
    const kind = xml[start + 1]!
    if (kind === '/') depth -= 1
    else if (kind !== '!' && kind !== '?' && xml[at - 2] !== '/') depth += 1
    if (depth > DEEPEST) return false
  }
  return xml.length - at <= LONGEST_TOKEN
}

/** The place behind the token; -1 for one without an end or with one that is too far. */
function findTokenEnd(xml: string, start: number, maxLength: number): number {
  const span = SPANS.find(([opening]) => xml.startsWith(opening, start))
  if (span !== undefined) {
    const end = xml.indexOf(span[1], start)
    return end < 0 || end - start > maxLength ? -1 : end + span[1].length
  }
  const last = Math.min(xml.length, start + maxLength)
  for (let at = start + 1; at < last; at += 1) {
    const code = xml.charCodeAt(at)
    if (code === GREATER) return at + 1
    if (code !== DOUBLE_QUOTE && code !== SINGLE_QUOTE) continue
    const closing = xml.indexOf(xml[at]!, at + 1)
    if (closing < 0) return -1
    at = closing
  }
  return -1
}
