import { AppError } from '../../model/app-error.ts'
import type { Family, FamilyFile } from '../family.ts'
import { unmark } from '../marks.ts'
import { proveText, writeText } from '../render.ts'
import type { Book, BookEntry, BookShape } from './book.ts'
import { countShown, flatten } from './book.ts'
import type { FoundEntries } from './search-book.ts'
import { type BookPart, createBookView } from './book-view.ts'

/** Entries that are written at once: some milliseconds, after which others come in between. */
const PORTION = 200

export type RenderedBook = {
  /** One, where the file is not paged. */
  pages: readonly Buffer[]
  /** Entries that the format cannot carry; the book is there without them. */
  leftOut: number
}

type Placed = BookEntry & { position: number }

/**
 * Writes a phonebook in the form of one family, a portion at a time: between two of them whoever asked may let others
 * in. What comes out is read back strictly, as every file is.
 * @param address of the device's files, for templates that lead from page to page
 * @throws AppError `setting-missing` or `value-unsafe` when the template itself is at fault
 */
export function* renderBook(
  family: Family,
  file: FamilyFile,
  book: Book,
  address: string,
): Generator<undefined, RenderedBook> {
  const shape = shapeOf(family, file)
  const all = shape.flat ? flatten(book.entries) : book.entries
  const entries = place(all.slice(0, countShown(shape, all.length)), 0)
  const frame = { ...describe(book, entries), address, count: entries.length }
  return shape.page === null
    ? yield* renderWhole(family, file, frame, entries)
    : yield* renderPages(family, file, frame, entries, shape.page)
}

/** The same of what somebody looked for, at once: it is one page. */
export function renderFound(
  family: Family,
  file: FamilyFile,
  book: Pick<Book, 'title' | 'searchWord'>,
  found: FoundEntries,
  address: string,
): RenderedBook {
  const { flat, page } = shapeOf(family, file)
  const listed = flat ? flatten(found.entries) : found.entries
  const entries = place(listed.slice(0, page ?? listed.length), found.skip)
  const frame = { ...describe(book, entries), address, count: found.total }
  return finish(
    page === null
      ? renderWhole(family, file, frame, entries)
      : renderPages(family, file, frame, entries, Math.max(1, entries.length)),
  )
}

/** All of a book without a pause. */
export function finish(rendering: Generator<undefined, RenderedBook>): RenderedBook {
  for (;;) {
    const step = rendering.next()
    if (step.done) return step.value
  }
}

function shapeOf(family: Family, file: FamilyFile): BookShape {
  if (!file.book) throw new AppError('family-invalid', `${family.name}/${file.name} is no phonebook`)
  return file.book
}

function place(entries: readonly BookEntry[], skip: number): Placed[] {
  return entries.map((entry, index) => ({ ...entry, position: skip + index + 1 }))
}

function describe({ title, searchWord }: Pick<Book, 'title' | 'searchWord'>, entries: readonly Placed[]) {
  return { title, searchWord, from: entries[0]?.position ?? 0, to: entries.at(-1)?.position ?? 0 }
}

type Frame = Pick<BookPart, 'title' | 'searchWord' | 'address' | 'count' | 'from' | 'to'>

function* renderWhole(
  family: Family,
  file: FamilyFile,
  frame: Frame,
  entries: readonly Placed[],
): Generator<undefined, RenderedBook> {
  const run = (part: Pick<BookPart, 'isFirst' | 'isLast' | 'entries'>) =>
    templateOf(family, file).run(createBookView({ ...frame, page: 1, pages: 1, ...part }))
  const format = family.formats.get(file.format)!
  const write = (marked: string) => writeText(format, unmark(marked))
  const head = run({ isFirst: true, isLast: false, entries: [] })
  const tail = run({ isFirst: false, isLast: true, entries: [] })
  proveText(family, file, head + tail)
  const portions: Buffer[] = []
  let leftOut = 0
  for (let at = 0; at < entries.length; at += PORTION) {
    const portion = renderSound(entries.slice(at, at + PORTION), (sound) => {
      const marked = run({ isFirst: false, isLast: false, entries: sound })
      proveText(family, file, head + marked + tail)
      return write(marked)
    })
    leftOut += portion.leftOut
    if (portion.text !== '') portions.push(Buffer.from(portion.text))
    yield
  }
  const joint = Buffer.from(format.joint ?? '')
  const body = portions.flatMap((portion, index) => (index === 0 ? [portion] : [joint, portion]))
  return { pages: [Buffer.concat([Buffer.from(write(head)), ...body, Buffer.from(write(tail))])], leftOut }
}

function* renderPages(
  family: Family,
  file: FamilyFile,
  frame: Frame,
  entries: readonly Placed[],
  size: number,
): Generator<undefined, RenderedBook> {
  const pages = Math.max(1, Math.ceil(entries.length / size))
  const rendered: Buffer[] = []
  let leftOut = 0
  for (let page = 1; page <= pages; page++) {
    const portion = renderSound(entries.slice((page - 1) * size, page * size), (sound) => {
      const part = { ...frame, page, pages, isFirst: true, isLast: true, entries: sound }
      return proveText(family, file, templateOf(family, file).run(createBookView(part)))
    })
    leftOut += portion.leftOut
    rendered.push(Buffer.from(portion.text))
    yield
  }
  return { pages: rendered, leftOut }
}

/** One entry that a format has no spelling for must not cost everybody the book. */
function renderSound(
  entries: readonly Placed[],
  render: (entries: readonly Placed[]) => string,
): { text: string; leftOut: number } {
  try {
    return { text: render(entries), leftOut: 0 }
  } catch (error) {
    const sound = entries.filter((entry) => isSound(() => render([entry])))
    if (!isUnsafe(error) || sound.length === entries.length) throw error
    return { text: render(sound), leftOut: entries.length - sound.length }
  }
}

function isSound(render: () => string): boolean {
  try {
    render()
    return true
  } catch (error) {
    if (isUnsafe(error)) return false
    throw error
  }
}

function isUnsafe(error: unknown): boolean {
  return error instanceof AppError && error.code === 'value-unsafe'
}

function templateOf(family: Family, file: FamilyFile) {
  const template = family.templates.get(file.template)
  if (!template) throw new AppError('family-invalid', `${family.name}/${file.template} has no template`)
  return template
}
