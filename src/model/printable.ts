const UNPRINTABLE = /[^!#-[\]-~]/
const UNPRINTABLES = new RegExp(UNPRINTABLE, 'g')

/** A text for one line of a log: everything but visible ASCII, quotation mark and backslash too, as `\uXXXX`; cut with `...`. */
export function toPrintable(text: string, mostCharacters: number): string {
  // Nearly every text is short and plain, and to look costs a fifth of what replacing nothing does.
  if (text.length <= mostCharacters && !UNPRINTABLE.test(text)) return text
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}...` : text
  return cut.replaceAll(UNPRINTABLES, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
