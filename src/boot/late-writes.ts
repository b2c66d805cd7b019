const PAUSE_MS = 250
const RETRY_MS = 2_000

/**
 * What was found out about devices on its way to the database: many at a time, never while a phone waits, and remembered
 * for as long as it is not certain that it is stored.
 */
export class LateWrites<Value> {
  readonly #write: (batch: readonly (readonly [deviceId: number, value: Value])[]) => Promise<void>
  readonly #onFailure: (error: unknown) => void
  readonly #waiting = new Map<number, Value>()
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(
    write: (batch: readonly (readonly [deviceId: number, value: Value])[]) => Promise<void>,
    onFailure: (error: unknown) => void,
  ) {
    this.#write = write
    this.#onFailure = onFailure
  }

  /** By device id. */
  get waiting(): ReadonlyMap<number, Value> {
    return this.#waiting
  }

  add(deviceId: number, value: Value): void {
    this.#waiting.set(deviceId, value)
    this.#arm(PAUSE_MS)
  }

  /** Stores what waits; what cannot be stored now is tried again. */
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
      await this.#write(batch)
      for (const [id, value] of batch) if (this.#waiting.get(id) === value) this.#waiting.delete(id)
    } catch (error) {
      this.#onFailure(error)
      this.#arm(RETRY_MS)
    }
  }

  #arm(pauseMs: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), pauseMs).unref()
  }
}
