/** A text for one line of a log: everything but visible ASCII, quotation mark and backslash too, as `\uXXXX`; cut with `...`. */
export function toPrintable(text: string, mostCharacters: number): string {
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}...` : text
  return cut.replaceAll(/[^!#-[\]-~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
