/** How often phones showed something else than a token, and what came of it. */
export type ProofCount = {
  way: 'certificate' | 'password'
  /** `asked`: for a password. `unknown`: a good certificate of a phone in no list. */
  result: 'believed' | 'refused' | 'asked' | 'unknown'
  count: number
}

/** Counts them in this process. */
export class ProofCounts {
  readonly #counts = new Map<string, ProofCount>()

  add(way: ProofCount['way'], result: ProofCount['result']): void {
    const key = `${way} ${result}`
    const known = this.#counts.get(key)
    if (known) known.count++
    else this.#counts.set(key, { way, result, count: 1 })
  }

  list(): ProofCount[] {
    return [...this.#counts.values()]
  }
}
