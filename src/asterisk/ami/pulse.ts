import { performance } from 'node:perf_hooks'
import type { AmiTiming } from './timing.ts'

interface PulseActions {
  readonly ping: () => void
  readonly dead: () => void
  /** Time (of `performance.now()`) until which silence is expected, because Asterisk works on a slow action. */
  readonly busyUntilMs: () => number
}

/** Watches one connection: pings when it is quiet and reports it dead when the answer does not come. */
export class Pulse {
  readonly #timing: AmiTiming
  readonly #actions: PulseActions
  readonly #tickMs: number
  readonly #timer: NodeJS.Timeout
  #heardAtMs = performance.now()
  #tickedAtMs = performance.now()
  #pingedAtMs: number | undefined

  constructor(timing: AmiTiming, actions: PulseActions) {
    this.#timing = timing
    this.#actions = actions
    this.#tickMs = Math.min(1_000, timing.pingAfterMs / 4)
    this.#timer = setInterval(() => this.#tick(), this.#tickMs)
  }

  /** A whole message came. Bytes alone do not count: a peer that drips them is as good as dead. */
  heard(): void {
    this.#heardAtMs = performance.now()
    this.#pingedAtMs = undefined
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const now = performance.now()
    const sleptMs = now - this.#tickedAtMs - this.#tickMs
    this.#tickedAtMs = now
    if (this.#pingedAtMs === undefined) {
      if (now - this.#heardAtMs < this.#timing.pingAfterMs) return
      this.#pingedAtMs = now
      this.#actions.ping()
      return
    }
    // When this process itself stood still, the answer may wait unread in the socket: the time does not count.
    if (sleptMs > this.#tickMs) this.#pingedAtMs += sleptMs
    const busyUntilMs = this.#actions.busyUntilMs()
    if (now - this.#pingedAtMs >= this.#timing.pongWithinMs && now >= busyUntilMs) this.#actions.dead()
  }
}
