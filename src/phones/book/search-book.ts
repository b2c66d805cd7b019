import type { BookEntry, BookSearch } from './book.ts'

/** Which entries a phone asked for: those from `skip` on, of `total` that fit. */
export type FoundEntries = { entries: readonly BookEntry[]; skip: number; total: number }

/** An entry with the words of its name as they are compared. */
export type IndexedEntry = { entry: BookEntry; words: readonly string[] }

/** What is looked for with parameters of an address; more than any phone sends is nobody's search. */
const MAX_CHARACTERS = 256

/** Makes a book ready to be searched. */
export function indexBook(entries: readonly BookEntry[]): readonly IndexedEntry[] {
  return entries.map((entry) => ({ entry, words: fold(entry.name).split(' ') }))
}

/**
 * Looks up what the query of a phone's address asks for. A `*` at the end stands for anything, and a name is found by the
 * beginning of each of its words; a number must be the whole one unless a `*` says otherwise.
 */
export function searchBook(index: readonly IndexedEntry[], search: BookSearch, query: string): FoundEntries {
  // Some phones append their own question mark to an address that ends with one.
  const asked = new URLSearchParams(query.slice(0, MAX_CHARACTERS).replace(/^\?+/, ''))
  const values = (names: readonly string[]) => names.map((name) => (asked.get(name) ?? '').trim()).filter(Boolean)
  const beginnings = values(search.names).flatMap((text) => fold(text.replace(/\*+$/, '')).split(' ').filter(Boolean))
  const numbers = values(search.numbers).filter((text) => text !== '*')
  const found = index.filter(
    ({ entry, words }) =>
      beginnings.every((beginning) => words.some((word) => word.startsWith(beginning))) &&
      numbers.every((number) => fitsNumber(entry, number)),
  )
  const count = Math.min(readCount(asked.get(search.count)) ?? search.most, search.most)
  const skip = Math.max(1, readCount(asked.get(search.first)) ?? 1) - 1
  return { entries: found.slice(skip, skip + count).map(({ entry }) => entry), skip, total: found.length }
}

function fitsNumber({ number, mobile, home }: BookEntry, sought: string): boolean {
  const digits = sought.replace(/\*+$/, '')
  const isBeginning = digits !== sought
  return [number, mobile, home].some((one) => (isBeginning ? one?.startsWith(digits) : one === digits))
}

function readCount(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null
}

/** Without accents and case, words parted by single blanks. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
