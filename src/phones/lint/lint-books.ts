import { AppError } from '../../model/app-error.ts'
import type { BookEntry } from '../book/book.ts'
import { cleanEntry } from '../book/clean-entry.ts'
import { finish, renderBook, renderFound, type RenderedBook } from '../book/render-book.ts'
import type { Family, FamilyFile } from '../family.ts'
import { matchFile } from '../identify.ts'

type Complain = (code: string, message: string) => void

const ADDRESS = 'https://phones.example.org/Abcdefghijklmnopqrstuv/'

/** What people, groups and contacts are called that no template may stumble over. */
const ENTRIES: readonly BookEntry[] = [
  person('Ada Lovelace', '1001', 'Ada', 'Lovelace'),
  person('Jürgen "Jo" <Söhne> & Cie.', '1002', 'Jürgen', '"Jo" <Söhne> & Cie.'),
  person('דנה לוי', '1003', 'דנה', 'לוי'),
  cleanEntry({ kind: 'group', name: 'Sales', number: '600', mobile: null, home: null }, null, null),
  cleanEntry(
    { kind: 'contact', name: "O'Brien; Plumber, 24h", number: '+49301234567', mobile: '+491701234567', home: '030765' },
    ...([null, null] as const),
  ),
]

function person(name: string, number: string, firstName: string, lastName: string): BookEntry {
  return cleanEntry({ kind: 'person', name, number, mobile: null, home: null }, firstName, lastName)
}

/** The first page of a phonebook of a handful of entries: what golden cases hold. */
export function renderSampleBook(family: Family, file: FamilyFile): Buffer {
  return renderAll(family, file, ENTRIES).pages[0]!
}

/** Proves each phonebook: it can be written whole, empty and over several pages, and is listed under its own name. */
export function lintBooks(family: Family, complain: Complain): void {
  const books = family.files.filter(({ kind }) => kind === 'book')
  for (const file of books) {
    const { listed, page, search } = file.book!
    // Some phones want an address that ends with a question mark.
    if (listed !== null && !matchFile(file, listed.replace(/\?$/, '')))
      complain('book-listed', `${file.name} is listed as ${listed}, which its pattern does not match`)
    if ((page !== null) !== file.pattern.source.includes('(?<page>'))
      complain('book-pages', `${file.name} needs both "page" and a group of that name in its pattern, or neither`)
    if (search) {
      const found = { entries: ENTRIES.slice(0, 2), skip: 5, total: 9 }
      attempt(complain, file, () =>
        renderFound(family, file, { title: 'Company', searchWord: 'Search' }, found, ADDRESS),
      )
    }
    for (const entries of [[], ENTRIES, Array.from({ length: (page ?? 300) + 1 }, () => ENTRIES[0]!)]) {
      attempt(complain, file, () => {
        const { pages, leftOut } = renderAll(family, file, entries)
        if (leftOut > 0) complain('book-entries', `${file.name} does not carry ${leftOut} of the sample entries`)
        if (pages.length < 2 && page !== null && entries.length > page)
          complain('book-pages', `${file.name} does not go on to another page`)
      })
    }
  }
  if (books.filter(({ book }) => book!.listed !== null).length > 1)
    complain('book-listed', 'Only one phonebook may be listed')
}

function renderAll(family: Family, file: FamilyFile, entries: readonly BookEntry[]): RenderedBook {
  return finish(renderBook(family, file, { title: 'Company', searchWord: 'Search', entries }, ADDRESS))
}

function attempt(complain: Complain, file: FamilyFile, action: () => unknown): void {
  try {
    action()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    complain('render', `${file.name}: ${error.message}`)
  }
}
