/** One line of a company's phonebook: somebody of the company, a group that can be called, a contact outside. */
export type BookEntry = {
  kind: 'person' | 'group' | 'contact'
  /** As it is shown. */
  name: string
  /** Together they are the name; where it cannot be told apart, the last name is all of it. */
  firstName: string
  lastName: string
  number: string
  mobile: string | null
  home: string | null
}

/** What every phone of a tenant is given to look people up in. */
export type Book = {
  /** In the tenant's language, as is the word for looking something up. */
  title: string
  searchWord: string
  /** In the order in which a list shows them. */
  entries: readonly BookEntry[]
}

/** A file that a book is made into, as its family describes it. */
export type BookShape = {
  /** Under which name the phone's list of remote phonebooks says it; null: it asks on its own. */
  listed: string | null
  /** More entries than that the phone does not take; null: no limit is known. */
  most: number | null
  /** Entries a page; null: the file holds all of them. The group `page` of the pattern counts from 1. */
  page: number | null
  /** Whether an entry has one number: whoever has several stands there several times. */
  flat: boolean
  /** How the phone asks for some of the entries; null: it does not. */
  search: BookSearch | null
}

/** Which parameters of the address say what is looked for; `first` counts from 1. At most `most` are given at once. */
export type BookSearch = {
  names: readonly string[]
  numbers: readonly string[]
  first: string
  count: string
  most: number
}

/** An entry a number, for phones that show one of each: `Jo`, `Jo (2)`, `Jo (3)`. */
export function flatten(entries: readonly BookEntry[]): BookEntry[] {
  return entries.flatMap((entry) => {
    const numbers = [entry.number, entry.mobile, entry.home].filter((number) => number !== null)
    if (numbers.length === 1) return [entry]
    return numbers.map((number, index) => {
      const mark = index === 0 ? '' : ` (${index + 1})`
      const [name, lastName] = [entry.name + mark, entry.lastName + mark]
      return { ...entry, name, lastName, number, mobile: null, home: null }
    })
  })
}

/** How many entries reach the phone. */
export function countShown({ most }: BookShape, entries: number): number {
  return most === null ? entries : Math.min(most, entries)
}
