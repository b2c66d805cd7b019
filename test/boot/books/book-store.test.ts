import { expect, it } from 'vitest'
import { BookStore } from '../../../src/boot/books/book-store.ts'
import { AppError } from '../../../src/model/app-error.ts'
import type { Book } from '../../../src/phones/book/book.ts'
import { cleanEntry } from '../../../src/phones/book/clean-entry.ts'
import { familyOf } from '../../phones/shipped.ts'

const family = familyOf('yealink')
const file = family.files.find(({ kind }) => kind === 'book')!
const ASKED = { page: 1, query: '', address: 'http://192.0.2.1/token/' }

function bookOf(name: string): Book {
  const entry = cleanEntry({ kind: 'person', name, number: '1', mobile: null, home: null }, null, null)
  return { title: 'Company', searchWord: 'Search', entries: [entry] }
}

/** A store whose loads are answered by hand. */
function openStore({ limitBytes = 1_000_000, hears = true } = {}) {
  const loads: { tenantId: number; resolve: (book: Book) => void; reject: (error: Error) => void }[] = []
  const load = (tenantId: number) =>
    new Promise<Book>((resolve, reject) => void loads.push({ tenantId, resolve, reject }))
  const state = { hears }
  const store = new BookStore({ load, limitBytes, hears: () => state.hears, log: { warn: () => undefined } })
  const ask = async (tenantId = 1, address = ASKED.address) => {
    const answer = await store.find(tenantId, { family, file }, { ...ASKED, address })
    return /<Name>(.*)<\/Name>/.exec(answer!.bytes.toString())![1]!
  }
  return { store, loads, ask, state }
}

it('reads a book once for all who wait, and once for all families', async () => {
  const { loads, ask, store } = openStore()
  const asked = [ask(), ask(), ask()]
  loads[0]!.resolve(bookOf('Ada'))
  expect(await Promise.all(asked)).toEqual(['Ada', 'Ada', 'Ada'])
  const other = familyOf('fanvil')
  const found = await store.find(1, { family: other, file: other.files.find(({ kind }) => kind === 'book')! }, ASKED)
  expect(found!.bytes.toString()).toContain('<Name>Ada</Name>')
  expect(loads).toHaveLength(1)
})

it('reads anew what changed, and nothing of other tenants', async () => {
  const { loads, ask, store } = openStore()
  const first = [ask(1), ask(2)]
  for (const { resolve } of loads) resolve(bookOf('Ada'))
  await Promise.all(first)
  store.outdate(1)
  const again = [ask(1), ask(2)]
  expect(loads.map(({ tenantId }) => tenantId)).toEqual([1, 2, 1])
  loads[2]!.resolve(bookOf('Bob'))
  expect(await Promise.all(again)).toEqual(['Bob', 'Ada'])
  store.outdate(null)
  const all = [ask(1), ask(2)]
  expect(loads).toHaveLength(5)
  for (const { resolve } of loads.slice(3)) resolve(bookOf('Cid'))
  expect(await Promise.all(all)).toEqual(['Cid', 'Cid'])
})

it('a reading that began before a change does not count as current', async () => {
  const { loads, ask, store } = openStore()
  const early = ask()
  store.outdate(1)
  const late = ask()
  expect(loads).toHaveLength(2)
  loads[1]!.resolve(bookOf('new'))
  expect(await late).toBe('new')
  loads[0]!.resolve(bookOf('old'))
  await early
  expect(await ask()).toBe('new')
  expect(loads).toHaveLength(2)
})

it('gives the last known book while the database is away, and an error where none is known', async () => {
  const { loads, ask, store } = openStore()
  const first = ask()
  loads[0]!.resolve(bookOf('Ada'))
  await first
  store.outdate(1)
  const both = Promise.allSettled([ask(1), ask(2)])
  for (const { reject } of loads.slice(1)) reject(new AppError('database-unreachable', 'away'))
  expect(await both).toMatchObject([{ value: 'Ada' }, { reason: { code: 'database-unreachable' } }])
})

it('asks nobody while changes are not heard of', async () => {
  const { loads, ask, store, state } = openStore()
  const first = ask()
  loads[0]!.resolve(bookOf('Ada'))
  await first
  store.outdate(null)
  state.hears = false
  expect(await ask()).toBe('Ada')
  expect(loads).toHaveLength(1)
})

it('lets go of what was not used for the longest time when memory is full', async () => {
  const { loads, ask } = openStore({ limitBytes: 700 })
  for (const tenant of [1, 2, 3]) {
    const asked = ask(tenant)
    loads.at(-1)!.resolve(bookOf('Ada'))
    await asked
  }
  await ask(3)
  expect(loads).toHaveLength(3)
  const first = ask(1)
  expect(loads).toHaveLength(4)
  loads[3]!.resolve(bookOf('Ada'))
  await first
})
