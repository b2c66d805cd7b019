import { Recent } from '../model/recent.ts'
import type { PnpLimits } from './limits.ts'

/** How often each source may ask: a bucket that holds `burst` and fills by one every `refillMs`. */
export class SourceRates {
  readonly #limits: PnpLimits
  readonly #nowMs: () => number
  readonly #buckets: Recent<string, { left: number; atMs: number }>

  constructor(limits: PnpLimits, nowMs: () => number) {
    this.#limits = limits
    this.#nowMs = nowMs
    this.#buckets = new Recent(limits.sources)
  }

  /** Takes one; false: none is left, and the source is to be met with silence. */
  take(source: string): boolean {
    const { burst, refillMs } = this.#limits
    const now = this.#nowMs()
    const bucket = this.#buckets.get(source)
    const left = bucket ? Math.min(burst, bucket.left + (now - bucket.atMs) / refillMs) : burst
    if (left < 1) return false
    this.#buckets.set(source, { left: left - 1, atMs: now })
    return true
  }
}
