/** A map of bounded size: a new entry beyond it takes the place of the one that was written longest ago. */
export class Recent<K, V> {
  readonly #limit: number
  readonly #entries = new Map<K, V>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  set(key: K, value: V): void {
    // A map is in the order of insertion, and writing an entry again does not move it.
    this.#entries.delete(key)
    if (this.#entries.size >= this.#limit)
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest)
        break
      }
    this.#entries.set(key, value)
  }

  values(): Iterable<V> {
    return this.#entries.values()
  }

  clear(): void {
    this.#entries.clear()
  }
}
