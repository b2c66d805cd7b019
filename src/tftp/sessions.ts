import type { TftpLimits } from './limits.ts'
import type { Session } from './session.ts'

/** All sessions by peer, their number bounded in all and per source; one timer for all of them, none when there is none. */
export class Sessions {
  readonly #limits: TftpLimits
  readonly #active = new Map<string, Session>()
  readonly #perSource = new Map<string, number>()
  /** Requests served a moment ago, oldest first. */
  readonly #served = new Map<string, { datagram: Buffer; untilMs: number }>()
  #timer: NodeJS.Timeout | null = null
  #onEmpty: (() => void) | null = null

  constructor(limits: TftpLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#active.size
  }

  find(key: string): Session | undefined {
    return this.#active.get(key)
  }

  /** Whether this very request was served to this very port a moment ago. */
  wasServed(key: string, datagram: Buffer): boolean {
    return this.#served.get(key)?.datagram.equals(datagram) ?? false
  }

  hasRoom(source: string): boolean {
    const { transfers, transfersPerSource } = this.#limits
    return this.#active.size < transfers && (this.#perSource.get(source) ?? 0) < transfersPerSource
  }

  add(session: Session): void {
    const { key, source } = session.request.peer
    this.#active.set(key, session)
    this.#perSource.set(source, (this.#perSource.get(source) ?? 0) + 1)
    this.#served.delete(key)
    this.#timer ??= setInterval(this.#tick, this.#limits.tickMs)
  }

  /** Takes out a session that ended; one that was served is remembered for a moment. */
  remove(session: Session, served: boolean): void {
    const { key, source } = session.request.peer
    if (this.#active.get(key) !== session) return
    this.#active.delete(key)
    const left = this.#perSource.get(source)! - 1
    if (left === 0) this.#perSource.delete(source)
    else this.#perSource.set(source, left)
    if (served) {
      this.#served.set(key, {
        datagram: session.request.datagram,
        untilMs: performance.now() + this.#limits.rememberMs,
      })
    }
    if (this.#active.size === 0) this.#onEmpty?.()
  }

  /** Resolves once no session is left, at the latest after `graceMs`: what is left then is told so and ended. */
  async drain(graceMs: number): Promise<void> {
    if (this.#active.size > 0) {
      await new Promise<void>((resolve) => {
        const patience = setTimeout(resolve, graceMs)
        this.#onEmpty = () => {
          clearTimeout(patience)
          resolve()
        }
      })
    }
    for (const session of [...this.#active.values()]) session.end('closed')
    this.#served.clear()
    this.#stopTimer()
  }

  readonly #tick = (): void => {
    const nowMs = performance.now()
    for (const session of this.#active.values()) session.tick(nowMs)
    for (const [key, { untilMs }] of this.#served) {
      if (untilMs > nowMs && this.#served.size <= this.#limits.transfers) break
      this.#served.delete(key)
    }
    if (this.#active.size === 0 && this.#served.size === 0) this.#stopTimer()
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}
