import type { ReadyDevice } from './ready-device.ts'

export type CachedDevice = ReadyDevice & {
  /** Counts changes in the database: what was made before the latest one is to be read anew, if that is possible. */
  readonly generation: number
}

/** What an entry costs besides the bytes of its files: measured, strings and maps of a device with two files. */
const OVERHEAD_BYTES = 2048

/** Devices with their files, by token and by id, the longest unused ones forgotten when they fill the memory given. */
export class DeviceCache {
  readonly #limitBytes: number
  /** In the order of use. */
  readonly #byToken = new Map<string, CachedDevice>()
  readonly #byId = new Map<number, CachedDevice>()
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#byId.size
  }

  findByToken(token: string): CachedDevice | undefined {
    const device = this.#byToken.get(token)
    if (device) this.#touch(device)
    return device
  }

  findById(id: number): CachedDevice | undefined {
    const device = this.#byId.get(id)
    if (device) this.#touch(device)
    return device
  }

  put(device: CachedDevice): void {
    this.remove(this.#byId.get(device.id))
    this.#byToken.set(device.token, device)
    this.#byId.set(device.id, device)
    this.#bytes += weigh(device)
    for (const oldest of this.#byToken.values()) {
      if (this.#bytes <= this.#limitBytes) break
      this.remove(oldest)
    }
  }

  remove(device: CachedDevice | undefined): void {
    if (!device || this.#byId.get(device.id) !== device) return
    this.#byId.delete(device.id)
    this.#byToken.delete(device.token)
    this.#bytes -= weigh(device)
  }

  clear(): void {
    this.#byToken.clear()
    this.#byId.clear()
    this.#bytes = 0
  }

  #touch(device: CachedDevice): void {
    this.#byToken.delete(device.token)
    this.#byToken.set(device.token, device)
  }
}

function weigh(device: ReadyDevice): number {
  let bytes = OVERHEAD_BYTES
  for (const file of device.files.values()) bytes += 'bytes' in file ? file.bytes.length : 0
  return bytes
}
