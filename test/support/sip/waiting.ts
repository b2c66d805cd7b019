/** How long a test waits for something before it is an error, unless it says otherwise. */
export const PATIENCE_MS = 10_000

/** A place where waiting promises look again whenever something changed. */
export class Changes {
  readonly #watchers = new Set<() => void>()

  /** Says that something changed. */
  notify(): void {
    for (const look of [...this.#watchers]) look()
  }

  /**
   * Resolves with the first value that `probe` returns other than undefined; an error that `probe` throws ends the wait.
   * @throws Error "expected … within … ms", with what `seen` tells, when the time is over.
   */
  until<T>(probe: () => T | undefined, expected: string, timeoutMs: number, seen?: () => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        settle()
      }
      const look = (): void => {
        try {
          const value = probe()
          if (value !== undefined) finish(() => resolve(value))
        } catch (error) {
          finish(() => reject(error instanceof Error ? error : new Error(String(error))))
        }
      }
      const timer = setTimeout(() => {
        const found = seen ? `; ${seen()}` : ''
        finish(() => reject(new Error(`expected ${expected} within ${timeoutMs} ms${found}`)))
      }, timeoutMs)
      this.#watchers.add(look)
      look()
    })
  }
}

/** Things that arrive, kept until somebody asks for them. */
export class Inbox<T> {
  readonly #arrived: T[] = []
  readonly #changes = new Changes()
  readonly #expected: string

  /** @param expected what arrives here, for error messages */
  constructor(expected: string) {
    this.#expected = expected
  }

  put(item: T): void {
    this.#arrived.push(item)
    this.#changes.notify()
  }

  /** The oldest one not yet taken. */
  next(timeoutMs: number = PATIENCE_MS): Promise<T> {
    return this.#changes.until(() => this.#arrived.shift(), this.#expected, timeoutMs)
  }

  /** How many wait to be taken. */
  get size(): number {
    return this.#arrived.length
  }
}
