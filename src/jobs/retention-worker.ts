import type pg from 'pg'
import { eraseOldClaimCodes } from '../db/claim-codes.ts'
import { eraseOldLinks } from '../db/device-links.ts'
import { eraseOldContacts } from '../db/device-contacts.ts'
import { eraseOldImports } from '../db/erase-imports.ts'
import { eraseOldOutbox, eraseOldReleases } from '../db/erase-old.ts'
import { eraseOldMails } from '../db/mail-queue.ts'
import { eraseOldDeliveries } from '../db/webhook-queue.ts'
import { eraseOldWaiting } from '../db/waiting-phones.ts'
import type { Log } from '../model/log.ts'
import { collectGarbage } from '../store/collect-garbage.ts'
import type { StoreFolder } from '../store/folder.ts'
import { startDrainLoop } from './drain-loop.ts'

const GATHER_MS = 1_000
const SWEEP_MS = 3_600_000
/** How long an import can be undone where the tenant's `retention_days` does not say otherwise. */
const IMPORT_DAYS = 90
/** How long it can be looked up what became of a mail, and one that failed be sent again. */
const MAIL_DAYS = 90
/** How long a delivery to a webhook can be looked up and replayed. */
const DELIVERY_DAYS = 30
const TRACE_DAYS = 7
/** What phones asked for; of each phone the last time that it got something is kept anyway. */
const CONTACT_DAYS = 30

/**
 * Erases what is no longer needed: personal data of imports that are long over, traces of what is done.
 * @param pool connections of the owner
 */
export function startRetentionWorker({
  url,
  pool,
  folder,
  log,
}: {
  url: string
  pool: pg.Pool
  folder: StoreFolder
  log: Pick<Log, 'info' | 'warn'>
}) {
  return startDrainLoop({
    ...{ url, channel: null, gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'what is to be erased', log },
    async drain() {
      const imports = await eraseOldImports(pool, IMPORT_DAYS)
      const outbox = await eraseOldOutbox(pool, TRACE_DAYS)
      const releases = await eraseOldReleases(pool, TRACE_DAYS)
      const mails = await eraseOldMails(pool, MAIL_DAYS)
      const deliveries = await eraseOldDeliveries(pool, DELIVERY_DAYS)
      const contacts = await eraseOldContacts(pool, CONTACT_DAYS)
      const waiting = await eraseOldWaiting(pool, CONTACT_DAYS)
      const claims = await eraseOldClaimCodes(pool, TRACE_DAYS)
      const files = await collectGarbage(pool, folder, new Date())
      const links = await eraseOldLinks(pool, TRACE_DAYS)
      const erased = { links, claims, imports, outbox, releases, mails, deliveries, contacts, waiting, files }
      if (Object.values(erased).some((count) => count > 0)) log.info(erased, 'erased')
    },
  })
}
