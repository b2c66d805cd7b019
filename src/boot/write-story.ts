import type pg from 'pg'
import { type ContactRecord, trimContacts, writeContacts, type Written } from '../db/device-contacts.ts'
import { trimWaiting } from '../db/waiting-phones.ts'

/** Of the latest that got a file, and of the latest that did not. */
export const KEPT_CONTACTS = 100
export const KEPT_WAITING = { perSource: 1_000, total: 10_000 }
/** A device's rows are cut back when it got so many new ones. */
const TRIM_AFTER = 50
const MAX_COUNTED = 50_000
const FOREIGN_KEY_VIOLATION = '23503'

/** Writes batches of contacts and keeps what is stored within its bounds. */
export function createStoryWriter(pool: pg.Pool): (records: readonly ContactRecord[]) => Promise<void> {
  const grown = new Map<number, number>()
  return async (records) => {
    const { devices, strangers } = await writeContacts(pool, records).catch((error: unknown) => {
      // A phone was deleted between our look and our write: seen again, it is nobody's.
      if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error
      return writeContacts(pool, records)
    })
    if (strangers > 0) await trimWaiting(pool, KEPT_WAITING)
    const full = count(grown, devices)
    if (full.length > 0) await trimContacts(pool, full, KEPT_CONTACTS)
  }
}

/** Which devices it is time for; their count begins anew. */
function count(grown: Map<number, number>, written: Written['devices']): number[] {
  if (grown.size > MAX_COUNTED) grown.clear()
  const full: number[] = []
  for (const { id, rows } of written) {
    const sum = (grown.get(id) ?? 0) + rows
    if (sum >= TRIM_AFTER) full.push(id)
    grown.set(id, sum >= TRIM_AFTER ? 0 : sum)
  }
  return full
}
