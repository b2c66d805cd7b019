const PAUSE_MS = 250

/** Writes down which phones came with their token, many at a time and never while a phone waits. */
export class Sealer {
  readonly #write: (ids: readonly number[]) => Promise<void>
  readonly #onFailure: (error: unknown) => void
  readonly #waiting = new Map<number, number>()
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(write: (ids: readonly number[]) => Promise<void>, onFailure: (error: unknown) => void) {
    this.#write = write
    this.#onFailure = onFailure
  }

  /** Device id to the time of its sealing, as long as it is not certain that it is stored. */
  get waiting(): ReadonlyMap<number, number> {
    return this.#waiting
  }

  add(id: number, atMs: number): void {
    this.#waiting.set(id, atMs)
    this.#timer ??= setTimeout(() => void this.flush(), PAUSE_MS).unref()
  }

  /** Stores what waits; what cannot be stored now waits for the next time. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#writing = this.#writing.then(() => this.#writeAll())
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    const batch = [...this.#waiting]
    if (batch.length === 0) return
    try {
      await this.#write(batch.map(([id]) => id))
      for (const [id, atMs] of batch) if (this.#waiting.get(id) === atMs) this.#waiting.delete(id)
    } catch (error) {
      this.#onFailure(error)
    }
  }
}
