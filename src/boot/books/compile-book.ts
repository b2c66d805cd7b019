import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BookRow } from '../../db/books.ts'
import type { Book, BookEntry } from '../../phones/book/book.ts'
import { cleanEntry } from '../../phones/book/clean-entry.ts'
import { nameCompanyBook, nameSearch } from '../../phones/book/company-word.ts'

/** So many are compared without letting a phone in between; some milliseconds. */
const PORTION = 2_000
const DEFAULT_LANGUAGE = 'en'

/** Puts what is stored into the order of the tenant's language. Phones are answered while a large book is sorted. */
export async function compileBook(rows: readonly BookRow[], tenantLanguage: string | null): Promise<Book> {
  const language = tenantLanguage ?? DEFAULT_LANGUAGE
  const { compare } = new Intl.Collator(language, { numeric: true })
  const precedes = (one: BookEntry, other: BookEntry) =>
    compare(one.name, other.name) || (one.number < other.number ? -1 : one.number > other.number ? 1 : 0)
  let runs: BookEntry[][] = []
  for (let at = 0; at < rows.length; at += PORTION) {
    const run = rows
      .slice(at, at + PORTION)
      .map(({ firstName, lastName, ...known }) => cleanEntry(known, firstName, lastName))
    runs.push(run.sort(precedes))
    await nextTurn()
  }
  while (runs.length > 1) {
    const merged: BookEntry[][] = []
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at]!, runs[at + 1] ?? [], precedes))
    runs = merged
  }
  return { title: nameCompanyBook(language), searchWord: nameSearch(language), entries: runs[0] ?? [] }
}

type Precedes = (one: BookEntry, other: BookEntry) => number

async function merge(left: BookEntry[], right: BookEntry[], precedes: Precedes): Promise<BookEntry[]> {
  const merged: BookEntry[] = []
  let [l, r] = [0, 0]
  while (l < left.length && r < right.length) {
    merged.push(precedes(left[l]!, right[r]!) <= 0 ? left[l++]! : right[r++]!)
    if (merged.length % PORTION === 0) await nextTurn()
  }
  return merged.concat(left.slice(l), right.slice(r))
}
