import type pg from 'pg'
import { findCertified, pinCertificates } from '../db/device-certificates.ts'
import { readLogins } from '../db/device-logins.ts'
import type { Log } from '../model/log.ts'
import { ProofCounts } from '../model/proof-count.ts'
import type { Vault } from '../secrets/vault.ts'
import { CertifiedDevices } from './certified-devices.ts'
import { Failures } from './failures.ts'
import { fromStore } from './from-store.ts'
import { Logins } from './logins.ts'
import { Reloading } from './reloading.ts'

export type Proofs = {
  certified: CertifiedDevices
  logins: Logins
  failures: Failures
  proofCounts: ProofCounts
  /** What the database said may have changed. */
  hear: (table: string) => void
  close: () => Promise<void>
}

const QUERY_TIMEOUT_MS = 5_000
/** An import changes phones in chunks. */
const PAUSE_MS = 1_000

/** How phones prove which one they are besides their token: kept true to the database by what {@link Proofs.hear} hears. */
export function openProofs({ pool, vault, log }: { pool: pg.Pool; vault: Vault; log: Pick<Log, 'warn'> }): Proofs {
  const logins = new Logins(vault)
  const certified = new CertifiedDevices({
    find: (mac) => fromStore(findCertified(pool, mac, QUERY_TIMEOUT_MS)),
    pin: (pins) => pinCertificates(pool, pins),
    onFailure: (error) => log.warn({ err: error }, 'certificates that phones showed are not noted yet'),
  })
  const reloading = new Reloading(
    async () => logins.replace(await fromStore(readLogins(pool))),
    (error) => log.warn({ err: error }, 'passwords of phones are not up to date'),
  )
  return {
    ...{ certified, logins, failures: new Failures(() => performance.now()), proofCounts: new ProofCounts() },
    hear(table) {
      if (table === 'logins') void reloading.now()
      else if (table === 'devices' && logins.isAnyOpen) reloading.within(PAUSE_MS)
    },
    async close() {
      await reloading.stop()
      await certified.flush()
    },
  }
}
