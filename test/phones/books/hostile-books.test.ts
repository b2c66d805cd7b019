import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BookEntry } from '../../../src/phones/book/book.ts'
import { cleanEntry } from '../../../src/phones/book/clean-entry.ts'
import { finish, renderBook } from '../../../src/phones/book/render-book.ts'
import { indexBook, searchBook } from '../../../src/phones/book/search-book.ts'
import { familyOf } from '../shipped.ts'
import { BOOK_READERS } from './readers.ts'

const SOAK = process.env.OFFHOOK_SOAK !== undefined
const HOME = 'https://phones.example.org/Abcdefghijklmnopqrstuv/'

/** Any text at all: halves of surrogates, controls, noncharacters, marks of direction, markup of every format. */
const TEXT = fc.oneof(
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.string({ maxLength: 40, unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
  fc
    .array(fc.constantFrom(...Array.from(`"'<>&;\\,:{}[]\r\n\u202e\u2066 aZ1zV0Vz`)), { maxLength: 20 })
    .map((parts) => parts.join('')),
)
const NUMBER = fc.stringMatching(/^\+?[0-9*#]{1,20}$/)
const ENTRY = fc.record({
  kind: fc.constantFrom('person' as const, 'group' as const, 'contact' as const),
  ...{ name: TEXT, number: NUMBER, mobile: fc.option(NUMBER), home: fc.option(NUMBER) },
})

describe.each(BOOK_READERS.map((reader) => [reader.family, reader] as const))('%s', (name, { read, flat }) => {
  it(
    'shows exactly who is in the book, whatever they are called',
    () => {
      const family = familyOf(name)
      const files = family.files.filter(({ kind }) => kind === 'book')
      const file = files.find(({ book }) => book!.page !== null) ?? files[0]!
      fc.assert(
        fc.property(fc.array(ENTRY, { minLength: 1, maxLength: 10 }), (known) => {
          const entries = known.map((entry) => cleanEntry(entry, null, null))
          const book = { title: 'Company', searchWord: 'Search', entries }
          const { pages, leftOut } = finish(renderBook(family, file, book, HOME))
          expect(leftOut).toBe(0)
          const shown = pages.flatMap((page) => read(page, `${HOME}${file.examples[0]!}?first=1`).entries)
          const numbers = (entry: BookEntry) => [entry.number, entry.mobile, entry.home].filter((one) => one !== null)
          const expected = flat
            ? entries.flatMap((entry) =>
                numbers(entry).map((number, at) => `${entry.name}${at === 0 ? '' : ` (${at + 1})`} ${number}`),
              )
            : entries.map((entry) => `${entry.name} ${entry.number}`)
          expect(shown.map((entry) => `${entry.name} ${entry.numbers[0]!}`)).toEqual(expected)
        }),
        { numRuns: SOAK ? 5_000 : 40 },
      )
    },
    SOAK ? 900_000 : 30_000,
  )
})

it('what is cleaned has no line break, no half of a character and nothing that turns a number around', () => {
  fc.assert(
    fc.property(ENTRY, fc.option(TEXT), fc.option(TEXT), (known, first, last) => {
      const { name, firstName, lastName, number } = cleanEntry(known, first, last)
      for (const text of [name, firstName, lastName]) {
        expect(text.isWellFormed()).toBe(true)
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/)
      }
      expect(name).not.toBe('')
      expect([name, number]).toContain(`${firstName} ${lastName}`.trim())
    }),
  )
})

it('a search answers any query, and never with more than it may', () => {
  const index = indexBook(
    ['Ada Lovelace', 'Jürgen Söhne', 'דנה לוי'].map((name, at) =>
      cleanEntry({ kind: 'person', name, number: String(at), mobile: null, home: null }, null, null),
    ),
  )
  const search = { names: ['ln', 'fn'], numbers: ['hm'], first: 'first', count: 'count', most: 2 }
  const names = (query: string) => searchBook(index, search, query).entries.map(({ name }) => name)
  expect(names('ln=lov*&fn=ada')).toEqual(['Ada Lovelace'])
  expect(names('ln=SOHNE')).toEqual(['Jürgen Söhne'])
  expect(names(`fn=${encodeURIComponent('דנה')}`)).toEqual(['דנה לוי'])
  expect(names('hm=2')).toEqual(['דנה לוי'])
  expect(names('first=3')).toEqual(['דנה לוי'])
  expect(names('count=1')).toEqual(['Ada Lovelace'])
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (query) => {
      const { entries, total } = searchBook(index, search, query)
      expect(entries.length).toBeLessThanOrEqual(2)
      expect(total).toBeLessThanOrEqual(3)
    }),
  )
})
