import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a nonce is good for: a phone answers at once, and fetches all of its files within minutes. */
const LIFE_MS = 5 * 60_000
const RANDOM_BYTES = 12
const TIME_BYTES = 6
const SEAL_BYTES = 16
/** Of each half of the life. */
const MAX_USED = 50_000

export type NonceState = 'fresh' | 'stale' | 'foreign'

/**
 * Nonces of this process (RFC 7616 §3.3). They carry their time under a seal, so those that nobody answers take no
 * memory, however many are asked for; those that were answered are kept with their count, so no answer works twice.
 */
export class Nonces {
  readonly #key = randomBytes(32)
  readonly #nowMs: () => number
  readonly #maxUsed: number
  #used = new Map<string, number>()
  #usedBefore = new Map<string, number>()
  #turnedAtMs: number
  /** Of what was made before, it is not known any more what was answered. */
  #floorMs = -Infinity

  /** @param nowMs monotonic: a clock that is set back must not make a nonce live longer */
  constructor(nowMs: () => number, maxUsed = MAX_USED) {
    this.#nowMs = nowMs
    this.#maxUsed = maxUsed
    this.#turnedAtMs = nowMs()
  }

  /** How many answered ones are remembered. */
  get size(): number {
    return this.#used.size + this.#usedBefore.size
  }

  make(): string {
    const bytes = Buffer.alloc(TIME_BYTES + RANDOM_BYTES)
    bytes.writeUIntBE(Math.floor(this.#nowMs()), 0, TIME_BYTES)
    randomBytes(RANDOM_BYTES).copy(bytes, TIME_BYTES)
    return Buffer.concat([bytes, this.#seal(bytes)]).toString('base64url')
  }

  /** `foreign`: not made here, or by a process that ended. */
  check(nonce: string, count: number): NonceState {
    const bytes = Buffer.from(nonce, 'base64url')
    const body = bytes.subarray(0, TIME_BYTES + RANDOM_BYTES)
    const seal = bytes.subarray(TIME_BYTES + RANDOM_BYTES)
    if (seal.length !== SEAL_BYTES || bytes.toString('base64url') !== nonce) return 'foreign'
    if (!timingSafeEqual(seal, this.#seal(body))) return 'foreign'
    const madeAtMs = body.readUIntBE(0, TIME_BYTES)
    if (this.#nowMs() - madeAtMs > LIFE_MS || madeAtMs <= this.#floorMs) return 'stale'
    const last = this.#used.get(nonce) ?? this.#usedBefore.get(nonce) ?? 0
    return count > last ? 'fresh' : 'stale'
  }

  /** A right answer came with this count: from now on only higher ones are taken. */
  use(nonce: string, count: number): void {
    const nowMs = this.#nowMs()
    if (nowMs - this.#turnedAtMs > LIFE_MS) {
      this.#usedBefore = this.#used
      this.#used = new Map()
      this.#turnedAtMs = nowMs
    }
    if (this.#used.size >= this.#maxUsed) {
      this.#used.clear()
      this.#usedBefore.clear()
      this.#floorMs = Math.floor(nowMs)
    }
    this.#used.set(nonce, count)
  }

  #seal(bytes: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(bytes).digest().subarray(0, SEAL_BYTES)
  }
}
