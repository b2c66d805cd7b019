const RETRY_MS = 1_000

/** Reads something again when asked: never twice at the same time, once more after the last asking, until it succeeds. */
export class Reloading {
  readonly #read: () => Promise<void>
  readonly #onFailure: (error: unknown) => void
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #stopped = false

  constructor(read: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#read = read
    this.#onFailure = onFailure
  }

  /** Resolves when a reading that began after this call has ended, well or not. */
  now(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    if (!this.#running) return this.#start()
    this.#next ??= this.#running.then(() => this.#start())
    return this.#next
  }

  /** Reads again at the end of the pause, once for all who ask meanwhile. */
  within(pauseMs: number): void {
    if (this.#stopped) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.now()
    }, pauseMs).unref()
  }

  /** Reads no more; resolves when a reading under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.#running
  }

  #start(): Promise<void> {
    this.#next = null
    if (this.#stopped) return Promise.resolve()
    this.#running = this.#attempt()
    return this.#running
  }

  async #attempt(): Promise<void> {
    try {
      await this.#read()
    } catch (error) {
      this.#onFailure(error)
      this.within(RETRY_MS)
    } finally {
      this.#running = null
    }
  }
}
