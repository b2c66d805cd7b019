import { randomBytes } from 'node:crypto'
import { AppError } from '../../model/app-error.ts'
import type { Log } from '../../model/log.ts'
import type { PhoneAnswer } from '../../model/phone-request.ts'
import type { Book, BookSearch } from '../../phones/book/book.ts'
import type { Family, FamilyFile } from '../../phones/family.ts'
import { answerPage, answerSearch, type ReadyBook, readyBook, readyIndex } from './ready-book.ts'

type Options = {
  /** @throws AppError `database-unreachable` */
  load: (tenantId: number) => Promise<Book>
  limitBytes: number
  /** Whether changes are heard of. Without, what is in memory is the best there is. */
  hears: () => boolean
  log: Pick<Log, 'warn'>
}

/** `tookMs` without the time that it waited for its turn. */
type Made<T> = { value: T; generation: number; bytes: number; tookMs: number }
type Kept<T> = Made<T> & { madeAtMs: number }

/** `page` counts from 1; `query` is what stands behind the question mark; `address` that of the phone's own files. */
type Asked = { page: number; query: string; address: string }

/** What an entry of a compiled book takes in memory: strings of a name in three parts, numbers, the object. */
const ENTRY_BYTES = 400
/**
 * What took longer than this is left alone for that many times as long: a large company in which somebody changes
 * something every second has a book that is some seconds old, and phones that are answered.
 */
const QUICK_MS = 250
const REST = 10
const LONGEST_REST_MS = 60_000

/**
 * The phonebooks of all tenants: compiled once a tenant and rendered once a family, when the first phone asks, and kept
 * until something in them changes. One is made at a time.
 */
export class BookStore {
  readonly #options: Options
  readonly #placeholder = `https://${randomBytes(16).toString('hex')}.invalid/`
  /** Latest used last. */
  readonly #kept = new Map<string, Kept<Book | ReadyBook>>()
  readonly #making = new Map<string, Promise<unknown>>()
  /** Only of books that phones search in. */
  readonly #indexes = new WeakMap<Book, ReturnType<typeof readyIndex>>()
  readonly #generations = new Map<number, number>()
  #generation = 0
  /** Of what was made before every book became doubtful. */
  #lowest = 0
  #bytes = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
  }

  /** Something in the book of this tenant changed; null: in any, that cannot be known. */
  outdate(tenantId: number | null): void {
    this.#generation++
    if (tenantId !== null) this.#generations.set(tenantId, this.#generation)
    else {
      this.#generations.clear()
      this.#lowest = this.#generation
    }
  }

  forgetAll(): void {
    this.#kept.clear()
    this.#bytes = 0
  }

  /**
   * @returns null when the book has no such page
   * @throws AppError `database-unreachable`, or why it cannot be rendered
   */
  find(
    tenantId: number,
    { family, file }: { family: Family; file: FamilyFile },
    { page, query, address }: Asked,
  ): PhoneAnswer | null | Promise<PhoneAnswer | null> {
    const search = file.book?.search
    if (search && query !== '') return this.#search(tenantId, family, file, { query, search, address })
    const found = this.#get<ReadyBook>(`${tenantId}/${family.name}/${file.name}`, tenantId, () =>
      this.#render(tenantId, family, file),
    )
    return found instanceof Promise
      ? found.then(({ value }) => answerPage(value, page, address))
      : answerPage(found.value, page, address)
  }

  async #search(
    tenantId: number,
    family: Family,
    file: FamilyFile,
    asked: { query: string; search: BookSearch; address: string },
  ): Promise<PhoneAnswer> {
    const { value: book } = await this.#get<Book>(String(tenantId), tenantId, () => this.#load(tenantId))
    let index = this.#indexes.get(book)
    if (!index) this.#indexes.set(book, (index = readyIndex(book)))
    return answerSearch(family, file, book, await index, asked)
  }

  async #load(tenantId: number): Promise<Made<Book>> {
    const generation = this.#generation
    const { value, tookMs } = await time(() => this.#options.load(tenantId))
    return { value, generation, bytes: value.entries.length * ENTRY_BYTES, tookMs }
  }

  async #render(tenantId: number, family: Family, file: FamilyFile): Promise<Made<ReadyBook>> {
    const book = await this.#get<Book>(String(tenantId), tenantId, () => this.#load(tenantId))
    const { value, tookMs } = await this.#inTurn(() =>
      time(() => readyBook(family, file, book.value, this.#placeholder)),
    )
    if (value.leftOut > 0)
      this.#options.log.warn(
        { tenant: tenantId, family: family.name, entries: value.leftOut },
        'entries of a phonebook cannot be written for phones of this family and are left out',
      )
    return { value, generation: book.generation, bytes: value.bytes, tookMs }
  }

  #get<T extends Book | ReadyBook>(
    key: string,
    tenantId: number,
    make: () => Promise<Made<T>>,
  ): Kept<T> | Promise<Kept<T>> {
    const kept = this.#kept.get(key) as Kept<T> | undefined
    if (!kept) return this.#make(key, make)
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    const isCurrent = kept.generation >= (this.#generations.get(tenantId) ?? this.#lowest)
    if (isCurrent || !this.#options.hears() || isResting(kept)) return kept
    return this.#make(key, make).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'database-unreachable') throw error
      this.#options.log.warn({ err: error }, 'a phone got the last known phonebook')
      return kept
    })
  }

  #make<T extends Book | ReadyBook>(key: string, make: () => Promise<Made<T>>): Promise<Kept<T>> {
    // Who comes after a change must not join a making that began before it.
    const name = `${this.#generation}/${key}`
    const under = this.#making.get(name) as Promise<Kept<T>> | undefined
    if (under) return under
    const making = make()
      .then((made) => this.#put(key, { ...made, madeAtMs: performance.now() }))
      .finally(() => this.#making.delete(name))
    this.#making.set(name, making)
    return making
  }

  #put<T extends Book | ReadyBook>(key: string, made: Kept<T>): Kept<T> {
    const before = this.#kept.get(key)
    // A slow making must not take the place of one that began after it.
    if (before && before.generation > made.generation) return made
    this.#kept.delete(key)
    this.#kept.set(key, made)
    this.#bytes += made.bytes - (before?.bytes ?? 0)
    for (const [old, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#options.limitBytes || old === key) break
      this.#kept.delete(old)
      this.#bytes -= bytes
    }
    return made
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work)
    this.#turn = mine.catch(() => undefined)
    return mine
  }
}

function isResting({ madeAtMs, tookMs }: Kept<unknown>): boolean {
  return tookMs > QUICK_MS && performance.now() < madeAtMs + Math.min(tookMs * REST, LONGEST_REST_MS)
}

async function time<T>(work: () => Promise<T>): Promise<{ value: T; tookMs: number }> {
  const beganAtMs = performance.now()
  const value = await work()
  return { value, tookMs: performance.now() - beganAtMs }
}
