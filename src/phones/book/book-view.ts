import { AppError } from '../../model/app-error.ts'
import type { BookEntry } from './book.ts'

/** Part of a phonebook as a template sees it. */
export type BookPart = {
  title: string
  searchWord: string
  /** Where the phone fetches its files, with a closing slash. */
  address: string
  page: number
  pages: number
  /** Entries of the whole book, or of all that were looked for. */
  count: number
  /** Positions of the first and the last one in this file; 0: there is none. */
  from: number
  to: number
  isFirst: boolean
  isLast: boolean
  entries: readonly (BookEntry & { position: number })[]
}

const READABLE = {
  part: new Set([
    'title',
    'searchWord',
    'address',
    'page',
    'pages',
    'count',
    'from',
    'to',
    'isFirst',
    'isLast',
    'entries',
  ]),
  entry: new Set(['kind', 'name', 'firstName', 'lastName', 'number', 'mobile', 'home', 'position', 'numbers']),
}

/** What a phonebook template reads as `it`; any other name throws instead of being `undefined`. */
export function createBookView(part: BookPart): object {
  const entries = part.entries.map((entry) => guard(READABLE.entry, withNumbers(entry)))
  return guard(READABLE.part, { ...part, entries })
}

/** All numbers of an entry with what they are: a person is at work, whoever has a mobile phone or a home too. */
function withNumbers(entry: BookEntry & { position: number }) {
  const numbers = [
    { kind: 'work', number: entry.number },
    { kind: 'mobile', number: entry.mobile },
    { kind: 'home', number: entry.home },
  ]
  return { ...entry, numbers: numbers.filter(({ number }) => number !== null) }
}

function guard(names: ReadonlySet<string>, value: object): object {
  return new Proxy(value, {
    get: (target, name) => {
      if (typeof name === 'string' && !names.has(name))
        throw new AppError('setting-missing', `it.${name} is not part of a phonebook`)
      return Reflect.get(target, name) as unknown
    },
  })
}
