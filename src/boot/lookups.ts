type Waiting<Key, Found> = {
  key: Key
  place: number
  resolve: (found: Found | null) => void
  reject: (error: unknown) => void
}

/** What is found together is rendered together, and meanwhile nobody else is answered: a few milliseconds at most. */
const BATCH = 8
/** Fewer than the pool has connections: a look-up waits here, where nothing runs out, and never for a connection. */
const AT_ONCE = 4

/**
 * Looks things up in the database, many with one statement when many are wanted. When a building boots at once its
 * phones wait for each other and not for a time limit that counts while others are served.
 */
export class Lookups<Key, Found> {
  readonly #read: (keys: readonly Key[]) => Promise<readonly (Found | null)[]>
  #waiting: Waiting<Key, Found>[] = []
  #running = 0
  #places = 0

  /** @param read finds them in the order of their keys; null where there is nothing */
  constructor(read: (keys: readonly Key[]) => Promise<readonly (Found | null)[]>) {
    this.#read = read
  }

  /** @throws whatever the reading throws that it was part of, or that it waited for */
  find(key: Key): Promise<Found | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Found | null>()
    this.#waiting.push({ key, place: this.#places++, resolve, reject })
    this.#readNext()
    return promise
  }

  #readNext(): void {
    while (this.#running < AT_ONCE && this.#waiting.length > 0) void this.#readBatch(this.#waiting.splice(0, BATCH))
  }

  async #readBatch(batch: readonly Waiting<Key, Found>[]): Promise<void> {
    this.#running++
    const until = this.#places
    try {
      const found = await this.#read(batch.map(({ key }) => key))
      for (const [at, { resolve }] of batch.entries()) resolve(found[at] ?? null)
    } catch (error) {
      // Whoever waited behind it has waited as long for the same database, and would only wait for it once more.
      const others = this.#waiting.filter(({ place }) => place < until)
      this.#waiting = this.#waiting.filter(({ place }) => place >= until)
      for (const { reject } of [...batch, ...others]) reject(error)
    } finally {
      this.#running--
      this.#readNext()
    }
  }
}
