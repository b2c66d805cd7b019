import { isPlainLine } from '../formats/format.ts'
import type { BookEntry } from './book.ts'

// Marks that turn the direction of what follows (Unicode Bidirectional Algorithm, explicit formatting characters): a
// name that ends without closing them would turn the number beside it around, on a screen and for whoever dials it.
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g

type Known = Pick<BookEntry, 'kind' | 'name' | 'number' | 'mobile' | 'home'>

/**
 * Makes an entry of what is stored: nothing in it starts a line or ends a text, and the parts of the name are told
 * apart where they make up the whole.
 */
export function cleanEntry(known: Known, firstName: string | null, lastName: string | null): BookEntry {
  const name = clean(known.name) || known.number
  const [first, last] = [clean(firstName ?? ''), clean(lastName ?? '')]
  const isWhole = first !== '' && last !== '' && `${first} ${last}` === name
  return { ...known, name, firstName: isWhole ? first : '', lastName: isWhole ? last : name }
}

function clean(text: string): string {
  const straight = text.toWellFormed().replaceAll(DIRECTIONS, '')
  const plain = isPlainLine(straight)
    ? straight
    : Array.from(straight, (character) => (isPlainLine(character) ? character : ' ')).join('')
  return plain.trim()
}
