import { BookStore } from '../../../src/boot/books/book-store.ts'
import { compileBook } from '../../../src/boot/books/compile-book.ts'
import { loadFamilies } from '../../../src/boot/load-families.ts'

// Makes a large book for some families as `serve` does, in a process of its own whose heap is bounded, and says what it took.

const [, , entries, ...names] = process.argv
const ENTRIES = Number(entries)
const rows = Array.from({ length: ENTRIES }, (_, at) => ({
  ...{ kind: 'person' as const, number: String(10_000 + at), mobile: null, home: null },
  // In no order, so that there is something to sort.
  ...{ name: `Zoë ${(at * 7919) % ENTRIES} Öberg`, firstName: `Zoë ${(at * 7919) % ENTRIES}`, lastName: 'Öberg' },
}))

let turns = 0
let isOver = false
const count = () => {
  turns++
  if (!isOver) setImmediate(count)
}
setImmediate(count)

let loads = 0
const store = new BookStore({
  load: () => {
    loads++
    return compileBook(rows, 'sv')
  },
  ...{ limitBytes: 32 * 1024 * 1024, hears: () => true, log: { warn: () => undefined } },
})
const beganAtMs = performance.now()
const sizes: Record<string, number> = {}
const families = (await loadFamilies()).filter(({ name }) => names.includes(name))
for (const family of families) {
  for (const file of family.files.filter(({ kind }) => kind === 'book')) {
    const asked = { page: 1, query: '', address: 'http://192.0.2.1/x/' }
    sizes[`${family.name}/${file.name}`] = (await store.find(1, { family, file }, asked))!.bytes.length
  }
}
isOver = true
const { rss, heapUsed } = process.memoryUsage()
console.log(JSON.stringify({ turns, loads, sizes, ms: performance.now() - beganAtMs, rss, heapUsed }))
