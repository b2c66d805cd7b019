import { AppError } from '../model/app-error.ts'
import type { AmiClient } from './ami/client.ts'
import type { AmiMessage } from './ami/message.ts'
import { readChange, type Change, type EndpointState } from './endpoint-state.ts'
import { EndpointStates, sameState } from './endpoint-states.ts'

/** 10,000 endpoints list within seconds, but a reload may hold Asterisk's session up. */
const LIST_WITHIN_MS = 60_000
const RETRY_MS = 5_000
const MAX_HELD = 200_000

const NEVER_READ: EndpointState = { state: 'UNKNOWN', contacts: [] }
const NOT_THERE: EndpointState = { state: 'UNAVAILABLE', contacts: [] }

/**
 * What Asterisk knows of each endpoint right now: device state and contacts. Kept from events, and read again as a
 * whole whenever the AMI client becomes ready, because events of the time without a connection are lost.
 * While disconnected it keeps what was last known and says `current: false`.
 */
export class LiveState {
  readonly #ami: AmiClient
  readonly #listeners = new Set<(endpoint: string) => void>()
  #states = new EndpointStates()
  #held: Change[] | undefined
  #reading = 0
  #retry: NodeJS.Timeout | undefined
  #current = false
  #everRead = false
  #problem: AppError | undefined

  /** Starts to follow; reads at once when the client is ready already. */
  constructor(ami: AmiClient) {
    this.#ami = ami
    ami.on('event', this.#receive).on('ready', this.#read).on('down', this.#lose)
    if (ami.ready) this.#read()
  }

  /** True when the state was read as a whole since the connection was made. */
  get current(): boolean {
    return this.#current
  }

  /** Why the last reading failed: a missing permission or module in Asterisk. */
  get problem(): AppError | undefined {
    return this.#problem
  }

  /** How many endpoints are registered or in use. */
  get size(): number {
    return this.#states.size
  }

  /** State and contacts of one endpoint; `UNAVAILABLE` without contacts for one that is nowhere registered. */
  endpoint(id: string): EndpointState {
    return this.#states.get(id) ?? (this.#everRead ? NOT_THERE : NEVER_READ)
  }

  /** Calls the listener with the id of each endpoint whose state or contacts changed; returns how to stop it. */
  onChange(listener: (endpoint: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    this.#ami.off('event', this.#receive).off('ready', this.#read).off('down', this.#lose)
    this.#lose()
    this.#listeners.clear()
  }

  readonly #receive = (event: AmiMessage): void => {
    const change = readChange(event)
    if (!change) return
    if (!this.#held) this.#apply(change)
    else if (this.#held.length < MAX_HELD) this.#held.push(change)
    else this.#read()
  }

  readonly #lose = (): void => {
    this.#reading++
    this.#held = undefined
    this.#current = false
    clearTimeout(this.#retry)
  }

  /** Changes that arrive while the lists are read are held back and folded in on top of them, in their order. */
  readonly #read = (): void => {
    clearTimeout(this.#retry)
    this.#held = []
    const reading = ++this.#reading
    this.#list().then(
      (fresh) => {
        if (reading === this.#reading) this.#replace(fresh)
      },
      (error: unknown) => {
        if (reading !== this.#reading) return
        if (!(error instanceof AppError)) throw error
        this.#problem = error
        for (const change of this.#held ?? []) this.#apply(change)
        this.#held = undefined
        this.#retry = setTimeout(this.#read, RETRY_MS)
      },
    )
  }

  async #list(): Promise<EndpointStates> {
    const fresh = new EndpointStates()
    for (const action of ['PJSIPShowContacts', 'DeviceStateList']) {
      for (const item of await this.#ami.list(action, [], LIST_WITHIN_MS)) {
        const change = readChange(item)
        if (change) fresh.apply(change)
      }
    }
    return fresh
  }

  #replace(fresh: EndpointStates): void {
    for (const change of this.#held ?? []) fresh.apply(change)
    this.#held = undefined
    const before = this.#states
    this.#states = fresh
    this.#current = true
    this.#everRead = true
    this.#problem = undefined
    for (const id of new Set([...before.keys(), ...fresh.keys()])) {
      if (!sameState(before.get(id), fresh.get(id))) this.#announce(id)
    }
  }

  #apply(change: Change): void {
    if (this.#states.apply(change)) this.#announce(change.endpoint)
  }

  #announce(endpoint: string): void {
    for (const listener of this.#listeners) listener(endpoint)
  }
}
