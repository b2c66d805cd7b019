import type { ContactRecord } from '../db/device-contacts.ts'
import type { PhoneRequest } from '../model/phone-request.ts'
import type { Family } from '../phones/family.ts'
import { describeContacts } from './describe-contacts.ts'
import type { Verdict } from './judge-request.ts'
import { UserAgents } from './user-agents.ts'

/** Over the second river, or by multicast, where no file is asked for. */
export type Asked = Omit<PhoneRequest, 'transport'> & { transport: PhoneRequest['transport'] | 'pnp' }
/** What is kept of a request: `times` says how often the same was asked by the same since `atMs`. */
export type Contact = Pick<Asked, 'transport' | 'address' | 'userAgent' | 'file'> & {
  hasToken: boolean
  verdict: Verdict
  times: number
  atMs: number
}

const PAUSE_MS = 500
/** So many are written without waiting for the pause. */
const BATCH = 1_000
/** Between two batches when there is more: phones are answered meanwhile, and the database has other work. */
const BREATH_MS = 500
const RETRY_MS = 2_000
/** A building of 5,000 phones that boots at once; some megabytes. */
const MAX_WAITING = 20_000

/**
 * What phones asked for and what came of it, on its way to the database: many at a time, never while a phone waits. What
 * does not fit any more is counted and let go.
 */
export class Story {
  readonly #write: (records: readonly ContactRecord[]) => Promise<void>
  readonly #onFailure: (error: unknown) => void
  readonly #families: readonly Family[]
  readonly #userAgents: UserAgents
  readonly #waiting: Contact[] = []
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()
  #isWriting = false
  #wroteAtMs = -Infinity
  #dropped = 0

  constructor(options: {
    families: readonly Family[]
    write: (records: readonly ContactRecord[]) => Promise<void>
    onFailure: (error: unknown) => void
  }) {
    this.#families = options.families
    this.#userAgents = new UserAgents(options.families)
    this.#write = options.write
    this.#onFailure = options.onFailure
  }

  /** How many were let go since the start. */
  get dropped(): number {
    return this.#dropped
  }

  readonly note = (request: Asked, verdict: Verdict): void => {
    const same = verdict.waiting
    if (same && isSame(same, request)) {
      same.times++
      return
    }
    const { length } = this.#waiting
    if (length >= MAX_WAITING) {
      this.#dropped++
      return
    }
    const { transport, address, userAgent, file, token } = request
    const hasToken = token !== null
    const contact = { transport, address, userAgent, file, hasToken, verdict, times: 1, atMs: Date.now() }
    this.#waiting.push(contact)
    if (verdict.outcome === 'served') verdict.waiting = contact
    if (length === 0) this.#arm(PAUSE_MS)
    else if (length === BATCH - 1 && !this.#isWriting)
      this.#arm(Math.max(0, this.#wroteAtMs + BREATH_MS - performance.now()))
  }

  /** Writes what waits, as far as it can be written now. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const before = this.#waiting.length
      await this.#writeBatch()
      if (this.#waiting.length >= before) return
    }
    await this.#writing
  }

  /** Writes what waits and nothing after that. */
  async close(): Promise<void> {
    await this.flush()
    if (this.#timer) clearTimeout(this.#timer)
  }

  #arm(pauseMs: number): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#writeBatch()
    }, pauseMs).unref()
  }

  #writeBatch(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNext())
    return this.#writing
  }

  async #writeNext(): Promise<void> {
    const batch = this.#waiting.splice(0, BATCH)
    if (batch.length === 0) return
    for (const contact of batch) if (contact.verdict.waiting === contact) contact.verdict.waiting = null
    this.#isWriting = true
    let pauseMs = BREATH_MS
    try {
      await this.#write(describeContacts(batch, this.#families, this.#userAgents))
      if (this.#waiting.length < BATCH) pauseMs = PAUSE_MS
    } catch (error) {
      this.#onFailure(error)
      const room = Math.max(0, MAX_WAITING - this.#waiting.length)
      this.#dropped += Math.max(0, batch.length - room)
      this.#waiting.unshift(...batch.slice(0, room))
      pauseMs = RETRY_MS
    } finally {
      this.#isWriting = false
      this.#wroteAtMs = performance.now()
    }
    if (this.#waiting.length > 0) this.#arm(pauseMs)
  }
}

function isSame(one: Contact, other: Asked): boolean {
  return one.address === other.address && one.transport === other.transport && one.userAgent === other.userAgent
}
