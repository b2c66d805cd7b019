import { AppError } from '../../model/app-error.ts'

/** One thing that a phone reads out of a file: the path of a setting and its plain value. */
export type Entry = { key: string; value: string }

/** How one dialect of file is written and read back. */
export type Format = {
  /**
   * Writes a value so that {@link read} gives it back unchanged.
   * @throws AppError `value-unsafe` when the format has no spelling for it
   */
  escape: (value: string) => string
  /**
   * Reads a whole file as strictly as the pickiest phone of that dialect.
   * @throws AppError `value-unsafe` when it is not well formed
   */
  read: (text: string) => Entry[]
  /** What stands between two pieces of a list that are written one after the other; nothing if not said. */
  joint?: string
  /** How lines end, if not with a line feed as they do in templates. */
  lineEnd?: string
}

/** A refusal that names what was wrong, never the value: it may be a password. */
export function unsafe(message: string): AppError {
  return new AppError('value-unsafe', message)
}

/** The same format for a phone that reads one of these characters as structure: no value may hold it. */
export function forbidCharacters(format: Format, forbidden: string): Format {
  return { ...format, escape: (value) => format.escape(requireWithout(forbidden, value)) }
}

/** @throws AppError `value-unsafe` naming the character, never the value */
export function requireWithout(forbidden: string, value: string): string {
  const bad = Array.from(forbidden).find((character) => value.includes(character))
  if (bad !== undefined) throw unsafe(`A value holds ${JSON.stringify(bad)}, which this file format cannot carry`)
  return value
}

// C0, DEL, C1, line and paragraph separators end a line or a string for some reader; U+FDD0..U+FDEF are Unicode
// noncharacters (never text) with which render.ts marks values.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]/u

/** True for one line of well-formed text that no format of ours can mistake for structure. */
export function isPlainLine(text: string): boolean {
  return text.isWellFormed() && !FORBIDDEN.test(text)
}
