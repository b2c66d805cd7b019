import type pg from 'pg'
import { inTransaction } from '../db/pool.ts'
import { listWantedFiles, lockStoreForCleaning } from '../db/stored-files.ts'
import type { StoreFolder } from './folder.ts'

/** Nobody uploads for so long; what broke off with the process lies there. */
const STALE_MS = 24 * 3_600_000

/**
 * Deletes files that no row of any tenant knows, and what is left of uploads that broke off. The folder belongs to one
 * installation alone.
 * @param pool connections of the owner
 * @returns how many files went
 */
export function collectGarbage(pool: pg.Pool, folder: StoreFolder, now: Date): Promise<number> {
  return inTransaction(pool, null, async (client) => {
    await lockStoreForCleaning(client)
    const wanted = await listWantedFiles(client)
    return folder.sweep((sha256) => wanted.has(sha256), now.getTime() - STALE_MS)
  })
}
