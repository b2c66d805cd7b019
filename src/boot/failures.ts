import { randomInt } from 'node:crypto'
import { sourceNetwork } from '../access/networks.ts'
import type { Mac } from '../model/mac.ts'
import type { PhoneRequest } from '../model/phone-request.ts'
import { Recent } from '../model/recent.ts'

export type FailureLimits = {
  /** So many different MAC addresses may get nothing before a source counts as one that tries them. */
  burst: number
  refillMs: number
  /** How many sources are remembered; each takes 4 KB. */
  sources: number
}

/** More phones than a building has that are in no list yet; a prefix of makers has 16.8 million addresses. */
export const FAILURE_LIMITS: FailureLimits = { burst: 5_000, refillMs: 1_000, sources: 2_000 }

const SEEN_BITS = 15
/** When so much of the memory is full, a new address is taken for an old one too often. */
const MOST_SEEN = 4_096

type Source = { left: number; atMs: number; seen: Uint8Array; seenCount: number }

/**
 * Which sources try out MAC addresses. A MAC address counts once however often it is asked for, so a phone that nobody
 * released may go on asking, and a building of them behind one address is nothing bad; nothing that was served counts.
 * A /64 is one source: whoever has one address of it has them all. TFTP counts apart: there a sender is only a claim,
 * and must not spoil what others get over HTTP.
 */
export class Failures {
  readonly #limits: FailureLimits
  readonly #nowMs: () => number
  readonly #sources: Recent<string, Source>
  /** What falls together is different in each process, so nobody can choose addresses that count as one. */
  readonly #salt = randomInt(2 ** 31)

  constructor(nowMs: () => number, limits = FAILURE_LIMITS) {
    this.#limits = limits
    this.#nowMs = nowMs
    this.#sources = new Recent(limits.sources)
  }

  /** How many sources are remembered, and how many of them have tried too many. */
  count(): { sources: number; spent: number } {
    let spent = 0
    for (const source of this.#sources.values()) if (this.#leftOf(source) < 1) spent++
    return { sources: this.#sources.size, spent }
  }

  /** This source asked for a MAC address that gets nothing. */
  note(request: Pick<PhoneRequest, 'transport' | 'address'>, mac: Mac): void {
    const key = keyOf(request)
    const { burst } = this.#limits
    const source = this.#sources.get(key) ?? {
      ...{ left: burst, atMs: this.#nowMs(), seen: new Uint8Array(2 ** (SEEN_BITS - 3)), seenCount: 0 },
    }
    if (this.#isSeen(source, mac)) return
    source.left = Math.max(0, this.#leftOf(source) - 1)
    source.atMs = this.#nowMs()
    this.#sources.set(key, source)
  }

  /** Whether it tried so many that a MAC address alone is not enough from there. */
  isSpent(request: Pick<PhoneRequest, 'transport' | 'address'>): boolean {
    if (this.#sources.size === 0) return false
    const source = this.#sources.get(keyOf(request))
    return source !== undefined && this.#leftOf(source) < 1
  }

  #leftOf({ left, atMs }: Source): number {
    return Math.min(this.#limits.burst, left + (this.#nowMs() - atMs) / this.#limits.refillMs)
  }

  /** Notes the address too. */
  #isSeen(source: Source, mac: Mac): boolean {
    const bit = this.#spread(mac)
    const mask = 1 << (bit & 7)
    const byte = source.seen[bit >> 3]!
    if ((byte & mask) !== 0) return true
    if (source.seenCount >= MOST_SEEN) {
      source.seen.fill(0)
      source.seenCount = 0
    }
    source.seen[bit >> 3]! |= mask
    source.seenCount++
    return false
  }

  #spread(mac: Mac): number {
    const mixed = Math.imul(parseInt(mac.slice(4), 16) ^ this.#salt, 0x9e3779b1) ^ parseInt(mac.slice(0, 4), 16)
    return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> (32 - SEEN_BITS)
  }
}

function keyOf({ transport, address }: Pick<PhoneRequest, 'transport' | 'address'>): string {
  return `${transport === 'tftp' ? 'tftp' : 'tcp'}/${sourceNetwork(address)}`
}
