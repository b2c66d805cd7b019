import { unsafe, type Entry, type Format } from './format.ts'

/** A property: name, parameters whose values need no quotes, value with backslash escapes. */
const PROPERTY = /^([A-Z]+)((?:;[A-Z]+=[A-Za-z0-9.-]+)*):((?:[^\\]|\\[\\,;])*)$/u

/**
 * Cards of RFC 6350, one after the other: lines end with CR and LF, and in a value backslash, comma and semicolon are
 * escaped. Lines are not folded, which is a recommendation only (section 3.2). Keys are `card/PROPERTY/component`.
 */
export const vcardFormat: Format = {
  lineEnd: '\r\n',
  escape: (value) => value.replace(/[\\,;]/g, '\\$&'),
  read: (text) => {
    const lines = text.split('\r\n')
    if (lines.pop() !== '') throw unsafe('The last line does not end with CR and LF')
    const entries: Entry[] = []
    let card = -1
    let isOpen = false
    for (const line of lines) {
      if (line === 'BEGIN:VCARD' || line === 'END:VCARD') {
        if (isOpen !== (line === 'END:VCARD')) throw unsafe('A card is not closed or not open')
        isOpen = !isOpen
        if (isOpen) card += 1
      } else if (isOpen) entries.push(...readProperty(card, line))
      else throw unsafe('There is something between the cards')
    }
    if (isOpen) throw unsafe('The last card is not closed')
    return entries
  },
}

function readProperty(card: number, line: string): Entry[] {
  const match = PROPERTY.exec(line)
  if (!match) throw unsafe('A line is no property')
  const [, name, parameters, value] = match as unknown as [string, string, string, string]
  // Components of a name are parted by what is not escaped.
  const components = value.match(/(?:[^\\;,]|\\.)+|[;,]/gu) ?? []
  return components.map((part, index) => ({
    key: `${card}/${name}${parameters}/${index}`,
    value: part.replace(/\\(.)/gu, '$1'),
  }))
}
