import type { CertifiedDevice, PinnedCertificate } from '../db/device-certificates.ts'
import type { Mac } from '../model/mac.ts'
import { Recent } from '../model/recent.ts'
import { LateWrites } from './late-writes.ts'

/** Some 100 bytes each. */
const MAX_REMEMBERED = 100_000

/**
 * Which phone a certificate is about, and by which one it is known. What is in memory is believed only where it says
 * yes: whoever would be refused is looked up again, so changes need not be heard of.
 */
export class CertifiedDevices {
  readonly #find: (mac: Mac) => Promise<CertifiedDevice | null>
  readonly #known = new Recent<Mac, CertifiedDevice>(MAX_REMEMBERED)
  readonly #pins: LateWrites<PinnedCertificate>

  constructor(options: {
    find: (mac: Mac) => Promise<CertifiedDevice | null>
    pin: (pins: readonly PinnedCertificate[]) => Promise<void>
    onFailure: (error: unknown) => void
  }) {
    this.#find = options.find
    this.#pins = new LateWrites((batch) => options.pin(batch.map(([, pin]) => pin)), options.onFailure)
  }

  /** The phone, if it is remembered with this certificate. */
  recall(mac: Mac, sha256: string): CertifiedDevice | undefined {
    const known = this.#known.get(mac)
    return known?.sha256 === sha256 ? known : undefined
  }

  /** What the database says now. @throws AppError `database-unreachable` */
  async find(mac: Mac): Promise<CertifiedDevice | null> {
    const found = await this.#find(mac)
    return found && { ...found, sha256: this.#pins.waiting.get(found.id)?.sha256 ?? found.sha256 }
  }

  /** This phone is known by this certificate from now on. */
  know(mac: Mac, certificate: PinnedCertificate, isStored: boolean): void {
    this.#known.set(mac, { id: certificate.deviceId, sha256: certificate.sha256 })
    if (!isStored) this.#pins.add(certificate.deviceId, certificate)
  }

  /** Stores what waits; what cannot be stored now is tried again. */
  flush(): Promise<void> {
    return this.#pins.flush()
  }
}
