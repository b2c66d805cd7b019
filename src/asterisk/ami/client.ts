import { EventEmitter } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../model/app-error.ts'
import type { AmiAddress } from './address.ts'
import { backOffMs } from './back-off.ts'
import type { AmiConnection } from './connection.ts'
import type { AmiHeaders } from './encode-action.ts'
import type { AmiMessage } from './message.ts'
import { openConnection } from './open-connection.ts'
import { AMI_TIMING, type AmiTiming } from './timing.ts'

/** A connection that lasted this long was a good one: the next loss starts from the shortest back-off again. */
const STEADY_MS = 5_000

interface AmiClientEvents {
  /** Any event of Asterisk that is not part of a list. */
  event: [AmiMessage]
  /** Logged in and booted, at first and after every reconnect: read again what may have changed meanwhile. */
  ready: []
  /** The connection is lost, could not be made, or was refused (`ami-refused`). Reconnecting goes on by itself. */
  down: [AppError]
}

/**
 * Keeps one session with Asterisk's manager interface, reconnecting until it is closed.
 * Actions sent while there is none are rejected at once, never kept: who sent them decides whether they still matter.
 */
export class AmiClient extends EventEmitter<AmiClientEvents> {
  readonly #address: AmiAddress
  readonly #timing: AmiTiming
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #connection: AmiConnection | undefined
  #connectedAtMs: number | undefined
  #booted = false
  #failure = new AppError('ami-unreachable', 'Not connected to Asterisk yet')

  /** Starts to connect in the background. */
  constructor(address: AmiAddress, timing: Partial<AmiTiming> = {}) {
    super()
    this.#address = address
    this.#timing = { ...AMI_TIMING, ...timing }
    this.#running = this.#run()
  }

  /** `connected` only after an accepted login; `refused` when Asterisk did not accept user and secret. */
  get state(): 'connected' | 'connecting' | 'refused' | 'closed' {
    if (this.#closing.signal.aborted) return 'closed'
    if (this.#connection) return 'connected'
    return this.#failure.code === 'ami-refused' ? 'refused' : 'connecting'
  }

  /** Logged in, and Asterisk has booted. */
  get ready(): boolean {
    return this.#connection !== undefined && this.#booted
  }

  /** Why there is no connection; undefined while there is one. */
  get failure(): AppError | undefined {
    return this.#connection ? undefined : this.#failure
  }

  /**
   * Sends one action and resolves with its successful response.
   * @throws AppError `ami-action-failed` (Asterisk refused it), `ami-unreachable` (not connected, cut off, timed out),
   *   `ami-refused` (no login), `ami-value-unsafe` (nothing was sent)
   */
  async send(action: string, headers: AmiHeaders = [], timeoutMs?: number): Promise<AmiMessage> {
    const options = timeoutMs === undefined ? {} : { timeoutMs }
    return (await this.#connected().send(action, headers, options))[0]!
  }

  /** Sends a list action and resolves with its items, none of them when Asterisk says that it found nothing. */
  async list(action: string, headers: AmiHeaders = [], timeoutMs?: number): Promise<AmiMessage[]> {
    const options = timeoutMs === undefined ? {} : { timeoutMs }
    return this.#connected().send(action, headers, { list: true, ...options })
  }

  /**
   * Resolves when logged in and booted.
   * @throws AppError `ami-refused` at the first refusal, else the last failure when the time is over
   */
  async whenReady(withinMs = 15_000): Promise<void> {
    if (this.ready) return
    if (this.state === 'refused' || this.state === 'closed') throw this.#failure
    await new Promise<void>((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer)
        this.off('ready', ready).off('down', down)
        finish()
      }
      const ready = () => settle(resolve)
      const down = (error: AppError) => {
        if (error.code === 'ami-refused' || this.state === 'closed') settle(() => reject(error))
      }
      const timer = setTimeout(() => settle(() => reject(this.#failure)), withinMs)
      this.on('ready', ready).on('down', down)
    })
  }

  /** Logs off, rejects what waits for an answer, and stops reconnecting. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#connection?.end('The connection to Asterisk was closed')
    await this.#running
  }

  #connected(): AmiConnection {
    if (!this.#connection) throw this.#failure
    return this.#connection
  }

  async #run(): Promise<void> {
    let attempt = 0
    while (!this.#closing.signal.aborted) {
      const previous = this.#failure.code
      this.#connectedAtMs = undefined
      this.#failure = await this.#converse()
      this.emit('down', this.#failure)
      if (this.#wasSteady() || this.#failure.code !== previous) attempt = 0
      const pauseMs = backOffMs(attempt++, this.#failure.code === 'ami-refused', Math.random())
      // Only close() ends the pause early, and the loop with it.
      await sleep(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
    }
  }

  /** One connection from beginning to end; resolves with the reason why it ended or never began. */
  async #converse(): Promise<AppError> {
    this.#booted = false
    const { signal } = this.#closing
    let connection: AmiConnection
    try {
      connection = await openConnection(this.#address, this.#timing, signal, (event) => this.#receive(event))
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
    this.#connection = connection
    this.#connectedAtMs = performance.now()
    // FullyBooted may have come in one packet with the answer to the login.
    this.#announceReady()
    const waiting = setTimeout(() => this.#stopWaiting(), this.#timing.bootedWithinMs)
    const reason = await connection.ended
    clearTimeout(waiting)
    this.#connection = undefined
    return reason
  }

  #wasSteady(): boolean {
    return this.#connectedAtMs !== undefined && performance.now() - this.#connectedAtMs > STEADY_MS
  }

  #receive(event: AmiMessage): void {
    if (event.get('event') !== 'FullyBooted') {
      this.emit('event', event)
      return
    }
    this.#booted = true
    this.#announceReady()
  }

  #stopWaiting(): void {
    if (this.#booted) return
    this.#booted = true
    this.#announceReady()
  }

  #announceReady(): void {
    if (this.ready) this.emit('ready')
  }
}
