import { Fault } from './fault.ts'
import { parsePlainText } from './plain-text.ts'

/** Asterisk keeps a caller-id name in a buffer of 80 bytes, one of them the closing NUL. */
export const NAME_LIMITS = { codePoints: 64, bytes: 79 } as const

/** Reads a first, last or display name. Faults as {@link parsePlainText}. */
export function parsePersonName(text: string): string | Fault {
  return parsePlainText(text, NAME_LIMITS)
}

/** What phones and callers see of a person; '' when nothing is known. */
export function displayName(first: string | null | undefined, last: string | null | undefined): string {
  return [first, last].filter((part) => typeof part === 'string' && part !== '').join(' ')
}

/** Words that belong to the family name that follows them, in the languages of our header dictionary. */
const PARTICLES = new Set(
  'af al av bin da de del della der den di do dos du el la le ten ter van vom von zu zum zur'.split(' '),
)

/** Splits `Anna von Berg` and `von Berg, Anna`; a single word is a first name. Both are trimmed, '' when missing. */
export function splitFullName(text: string): { first: string; last: string } {
  const comma = text.indexOf(',')
  if (comma >= 0) return { first: text.slice(comma + 1).trim(), last: text.slice(0, comma).trim() }
  const words = text.trim().split(/\s+/u)
  if (words.length < 2) return { first: words[0] ?? '', last: '' }
  let start = words.length - 1
  while (start > 1 && PARTICLES.has(words[start - 1]!.toLowerCase())) start -= 1
  return { first: words.slice(0, start).join(' '), last: words.slice(start).join(' ') }
}
