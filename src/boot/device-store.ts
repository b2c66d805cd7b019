import { AppError } from '../model/app-error.ts'
import { type AskedFile, type CachedDevice, DeviceCache } from './device-cache.ts'
import type { ReadyDevice, ReadyFile } from './ready-device.ts'

/** How a phone shows which device it is: by its token, or by a MAC address that is released. */
export type Sought = { token: string } | { id: number }

type Load = (sought: Sought) => Promise<ReadyDevice | null>

/**
 * Devices with their files: from memory while nothing has changed in the database, else read anew, once for all who
 * wait. What was read before is served on when the database cannot be read; a device that is in no memory then is an
 * error, never an unknown device.
 */
export class DeviceStore {
  readonly #load: Load
  readonly #cache: DeviceCache
  readonly #loading = new Map<string, Promise<CachedDevice | null>>()
  readonly #onStale: (error: AppError) => void
  #generation = 0
  /** Whether changes are heard of. Without, what is in memory is the best there is. */
  #hears = false

  constructor(options: { load: Load; limitBytes: number; onStale: (error: AppError) => void }) {
    this.#load = options.load
    this.#cache = new DeviceCache(options.limitBytes)
    this.#onStale = options.onStale
  }

  get hears(): boolean {
    return this.#hears
  }

  set hears(hears: boolean) {
    this.#hears = hears
  }

  /** Something changed: nothing in memory counts as current any more. */
  outdate(): void {
    this.#generation++
  }

  forgetAll(): void {
    this.#cache.clear()
  }

  /** @throws AppError `database-unreachable` and whatever keeps a device from being described */
  find(sought: Sought): CachedDevice | Promise<CachedDevice | null> {
    const cached = 'token' in sought ? this.#cache.findByToken(sought.token) : this.#cache.findById(sought.id)
    return cached && this.#isCurrent(cached) ? cached : this.#readAnew(sought, cached)
  }

  /** A file that was asked for by this very path before, if nothing has changed since. */
  findAsked(path: string): AskedFile | null {
    const asked = this.#cache.findAsked(path)
    return asked && this.#isCurrent(asked.device) ? asked : null
  }

  noteAsked(device: ReadyDevice, ready: ReadyFile, path: string): void {
    this.#cache.noteAsked(device, ready, path)
  }

  #isCurrent({ generation }: CachedDevice): boolean {
    return generation === this.#generation || !this.#hears
  }

  async #readAnew(sought: Sought, outdated: CachedDevice | undefined): Promise<CachedDevice | null> {
    const generation = this.#generation
    // Who comes after a change must not join a reading that began before it.
    const key = `${generation}/${'token' in sought ? sought.token : sought.id}`
    let loading = this.#loading.get(key)
    if (!loading) {
      loading = this.#loadOnce(sought, generation).finally(() => this.#loading.delete(key))
      this.#loading.set(key, loading)
    }
    try {
      const device = await loading
      if (!device && outdated) this.#cache.remove(outdated)
      return device
    } catch (error) {
      if (!outdated || !(error instanceof AppError) || error.code !== 'database-unreachable') throw error
      this.#onStale(error)
      return outdated
    }
  }

  async #loadOnce(sought: Sought, generation: number): Promise<CachedDevice | null> {
    const ready = await this.#load(sought)
    if (!ready) return null
    const device = { ...ready, generation, isUsed: false }
    const other = this.#cache.findById(device.id)
    // A slow reading must not take the place of one that began after it.
    if (!other || other.generation <= generation) this.#cache.put(device)
    return device
  }
}
