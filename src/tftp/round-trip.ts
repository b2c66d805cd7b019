/** The smoothed round trip of one transfer and the wait that follows from it. */
export class RoundTrip {
  readonly #firstMs: number
  readonly #minMs: number
  readonly #maxMs: number
  #smoothedMs: number | null = null

  constructor(bounds: { firstMs: number; minMs: number; maxMs: number }) {
    this.#firstMs = bounds.firstMs
    this.#minMs = bounds.minMs
    this.#maxMs = bounds.maxMs
  }

  /** Takes a sample of a packet that was sent once; resent ones tell nothing (Karn's rule, RFC 6298 §3). */
  measure(ms: number): void {
    this.#smoothedMs = this.#smoothedMs === null ? ms : this.#smoothedMs + (ms - this.#smoothedMs) / 8
  }

  /** How long to wait after the `attempt`-th send (1, 2, …): four round trips, doubled each time. */
  waitMs(attempt: number): number {
    const base = this.#smoothedMs === null ? this.#firstMs : Math.max(this.#minMs, 4 * this.#smoothedMs)
    return Math.min(this.#maxMs, base * 2 ** (attempt - 1))
  }
}
