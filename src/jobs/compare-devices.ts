import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Boot } from '../boot/open-boot.ts'
import { queueResyncs, takeChangedDevices } from '../db/device-resyncs.ts'
import { inTransaction } from '../db/pool.ts'

const BATCH = 25
/** Rendering is work of the thread that answers phones: they come in between. */
const BREATH_MS = 5

/**
 * Renders the files of some phones that something was changed about, and has those told that last got other bytes. What
 * a phone never fetched is not missed.
 * @param pool connections of the owner
 * @param events by family, of those whose phones can be told
 * @returns how many were compared and how many are to be told
 */
export async function compareDevices(
  pool: pg.Pool,
  boot: Pick<Boot, 'tagsOf'>,
  events: ReadonlyMap<string, string>,
  settleMs: number,
): Promise<{ compared: number; queued: number }> {
  return inTransaction(pool, null, async (client) => {
    const devices = await takeChangedDevices(client, { settleMs, limit: BATCH })
    const stale: number[] = []
    for (const { id, family, files } of devices) {
      if (!events.has(family)) continue
      const tags = await boot.tagsOf(id)
      if (files.some(({ name, etag }) => (tags?.get(name) ?? etag) !== etag)) stale.push(id)
      await sleep(BREATH_MS)
    }
    const queued = stale.length === 0 ? 0 : await queueResyncs(client, stale, 'changed')
    return { compared: devices.length, queued }
  })
}
