import type { ReadyDevice, ReadyFile } from './ready-device.ts'

export type CachedDevice = ReadyDevice & {
  /** Counts changes in the database: what was made before the latest one is to be read anew, if that is possible. */
  readonly generation: number
  /** Whether somebody asked for it since its turn to go came last. One object for everything: each further one is a
   * miss of the processor's own cache, and with thousands of phones those are what a request costs. */
  isUsed: boolean
}

/** A file as it was asked for before: what is asked for so again need not be looked for. */
export type AskedFile = { device: CachedDevice; ready: ReadyFile }

/** What an entry costs besides the bytes of its files: strings, maps and objects of a device with two files. */
const OVERHEAD_BYTES = 2048

/**
 * Devices with their files, by token and by id. When they fill the memory given, those go that were not asked for since
 * their turn came last: being found costs no more than a flag. A file that was asked for is found by the path that it was
 * asked by: of thousands of phones each step on the way to it is a miss of the processor's cache.
 */
export class DeviceCache {
  readonly #limitBytes: number
  readonly #byToken = new Map<string, CachedDevice>()
  readonly #byId = new Map<number, CachedDevice>()
  readonly #asked = new Map<string, AskedFile>()
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  findByToken(token: string): CachedDevice | undefined {
    return use(this.#byToken.get(token))
  }

  findById(id: number): CachedDevice | undefined {
    return use(this.#byId.get(id))
  }

  findAsked(path: string): AskedFile | undefined {
    const asked = this.#asked.get(path)
    if (asked) use(asked.device)
    return asked
  }

  /** The file is what this path with the device's token means; another one that it was found by is forgotten. */
  noteAsked(device: ReadyDevice, ready: ReadyFile, path: string): void {
    const cached = this.#byId.get(device.id)
    if (!cached?.files.includes(ready)) return
    this.#forgetAsked(ready)
    ready.askedBy = path
    this.#asked.set(path, { device: cached, ready })
  }

  put(device: CachedDevice): void {
    const outdated = this.#byId.get(device.id)
    if (outdated) this.remove(outdated)
    this.#byToken.set(device.token, device)
    this.#byId.set(device.id, device)
    this.#bytes += weigh(device)
    this.#shrink(device)
  }

  remove(device: CachedDevice): void {
    if (this.#byId.get(device.id) !== device) return
    this.#byId.delete(device.id)
    this.#byToken.delete(device.token)
    for (const ready of device.files) this.#forgetAsked(ready)
    this.#bytes -= weigh(device)
  }

  #forgetAsked({ askedBy }: ReadyFile): void {
    if (askedBy !== null) this.#asked.delete(askedBy)
  }

  clear(): void {
    this.#byToken.clear()
    this.#byId.clear()
    this.#asked.clear()
    this.#bytes = 0
  }

  /** A map is in the order of insertion; who was used goes behind everybody else and loses its flag. */
  #shrink(newest: CachedDevice): void {
    for (const [token, device] of this.#byToken) {
      if (this.#bytes <= this.#limitBytes) return
      if (device.isUsed && device !== newest) {
        device.isUsed = false
        this.#byToken.delete(token)
        this.#byToken.set(token, device)
      } else this.remove(device)
    }
  }
}

function use(device: CachedDevice | undefined): CachedDevice | undefined {
  if (device) device.isUsed = true
  return device
}

/** And each file of the store that it may ask for. */
const STORED_BYTES = 512

function weigh({ files, stored }: ReadyDevice): number {
  const least = OVERHEAD_BYTES + stored.size * STORED_BYTES
  return files.reduce(
    (sum, { answer, plain }) => sum + ('bytes' in answer ? answer.bytes.length : 0) + (plain?.bytes.length ?? 0),
    least,
  )
}
