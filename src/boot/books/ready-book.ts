import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PhoneAnswer } from '../../model/phone-request.ts'
import type { Book, BookSearch } from '../../phones/book/book.ts'
import { renderBook, renderFound } from '../../phones/book/render-book.ts'
import { indexBook, type IndexedEntry, searchBook } from '../../phones/book/search-book.ts'
import type { Family, FamilyFile } from '../../phones/family.ts'

const INDEX_PORTION = 1_000

/** A phonebook as the phones of one family get it. */
export type ReadyBook = { pages: readonly ReadyPage[]; leftOut: number; bytes: number }

/** The same for every phone, or in pieces between which the phone's own address stands. */
type ReadyPage = { answer: PhoneAnswer } | { pieces: readonly Buffer[]; contentType: string; family: string }

/**
 * Renders a book while phones are answered.
 * @param placeholder stands for the address of a phone, which is another for each; nothing else may hold it
 * @throws AppError what is wrong with the template
 */
export async function readyBook(family: Family, file: FamilyFile, book: Book, placeholder: string): Promise<ReadyBook> {
  const rendering = renderBook(family, file, book, placeholder)
  let step = rendering.next()
  while (!step.done) {
    await nextTurn()
    step = rendering.next()
  }
  const { pages, leftOut } = step.value
  return {
    pages: pages.map((page) => readyPage(page, family, file, placeholder)),
    leftOut,
    bytes: pages.reduce((sum, { length }) => sum + length, 0),
  }
}

function readyPage(
  bytes: Buffer,
  { name: family }: Family,
  { contentType }: FamilyFile,
  placeholder: string,
): ReadyPage {
  const pieces = splitAt(bytes, Buffer.from(placeholder))
  return pieces.length === 1
    ? { answer: { family, bytes, contentType, etag: tag(bytes) } }
    : { pieces, contentType, family }
}

/** Makes a book ready to be searched while phones are answered. */
export async function readyIndex({ entries }: Book): Promise<IndexedEntry[]> {
  const index: IndexedEntry[] = []
  for (let at = 0; at < entries.length; at += INDEX_PORTION) {
    index.push(...indexBook(entries.slice(at, at + INDEX_PORTION)))
    await nextTurn()
  }
  return index
}

/** Who a phone asked for, found and written at once. */
export function answerSearch(
  family: Family,
  file: FamilyFile,
  book: Book,
  index: readonly IndexedEntry[],
  asked: { query: string; search: BookSearch; address: string },
): PhoneAnswer {
  const found = searchBook(index, asked.search, asked.query)
  const [bytes] = renderFound(family, file, book, found, asked.address).pages as [Buffer]
  return { family: family.name, bytes, contentType: file.contentType, etag: tag(bytes) }
}

/** What a phone with this address gets of a book; null: it has no such page. */
export function answerPage({ pages }: ReadyBook, page: number, address: string): PhoneAnswer | null {
  const ready = pages[page - 1]
  if (!ready) return null
  if ('answer' in ready) return ready.answer
  const { pieces, contentType, family } = ready
  const own = Buffer.from(address)
  const bytes = Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [own, piece])))
  return { family, bytes, contentType, etag: tag(bytes) }
}

function splitAt(bytes: Buffer, mark: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, from)) {
    pieces.push(bytes.subarray(from, at))
    from = at + mark.length
  }
  return [...pieces, bytes.subarray(from)]
}

function tag(bytes: Buffer): string {
  return `"${hash('sha256', bytes, 'base64url')}"`
}
