import type { CertifiedDevice, PinnedCertificate } from '../db/device-certificates.ts'
import type { Mac } from '../model/mac.ts'
import { Recent } from '../model/recent.ts'

const PAUSE_MS = 250
const RETRY_MS = 2_000
/** Some 100 bytes each. */
const MAX_REMEMBERED = 100_000

/**
 * Which phone a certificate is about, and by which one it is known. What is in memory is believed only where it says
 * yes: whoever would be refused is looked up again, so changes need not be heard of.
 */
export class CertifiedDevices {
  readonly #find: (mac: Mac) => Promise<CertifiedDevice | null>
  readonly #pin: (pins: readonly PinnedCertificate[]) => Promise<void>
  readonly #onFailure: (error: unknown) => void
  readonly #known = new Recent<Mac, CertifiedDevice>(MAX_REMEMBERED)
  /** By device, until it is certain that they are stored. */
  readonly #waiting = new Map<number, PinnedCertificate>()
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(options: {
    find: (mac: Mac) => Promise<CertifiedDevice | null>
    pin: (pins: readonly PinnedCertificate[]) => Promise<void>
    onFailure: (error: unknown) => void
  }) {
    this.#find = options.find
    this.#pin = options.pin
    this.#onFailure = options.onFailure
  }

  /** The phone, if it is remembered with this certificate. */
  recall(mac: Mac, sha256: string): CertifiedDevice | undefined {
    const known = this.#known.get(mac)
    return known?.sha256 === sha256 ? known : undefined
  }

  /** What the database says now. @throws AppError `database-unreachable` */
  async find(mac: Mac): Promise<CertifiedDevice | null> {
    const found = await this.#find(mac)
    return found && { ...found, sha256: this.#waiting.get(found.id)?.sha256 ?? found.sha256 }
  }

  /** This phone is known by this certificate from now on. */
  know(mac: Mac, certificate: PinnedCertificate, isStored: boolean): void {
    this.#known.set(mac, { id: certificate.deviceId, sha256: certificate.sha256 })
    if (isStored) return
    this.#waiting.set(certificate.deviceId, certificate)
    this.#arm(PAUSE_MS)
  }

  /** Stores what waits; what cannot be stored now is tried again. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#writing = this.#writing.then(() => this.#writeAll())
    return this.#writing
  }

  async #writeAll(): Promise<void> {
    const batch = [...this.#waiting]
    if (batch.length === 0) return
    try {
      await this.#pin(batch.map(([, pin]) => pin))
      for (const [id, pin] of batch) if (this.#waiting.get(id) === pin) this.#waiting.delete(id)
    } catch (error) {
      this.#onFailure(error)
      this.#arm(RETRY_MS)
    }
  }

  #arm(pauseMs: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), pauseMs).unref()
  }
}
