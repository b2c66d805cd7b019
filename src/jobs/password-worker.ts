import type pg from 'pg'
import { eraseExpiredPasswords, readUnhashed, setTemporaryHash } from '../db/user-passwords.ts'
import type { Log } from '../model/log.ts'
import { hashPassword } from '../secrets/password-hash.ts'
import type { Vault } from '../secrets/vault.ts'
import { startDrainLoop } from './drain-loop.ts'

const BATCH = 20
const GATHER_MS = 100
const SWEEP_MS = 10_000
/** How long a temporary password can be looked up and used. */
const TEMPORARY_DAYS = 14

/**
 * Hashes temporary passwords after the import that brought them, one after the other: each takes a core for a while, and
 * phones come first. Erases those that have expired.
 * @param pool connections of the owner
 */
export function startPasswordWorker(options: {
  url: string
  pool: pg.Pool
  vault: Vault
  log: Pick<Log, 'info' | 'warn'>
}) {
  const { url, pool, vault, log } = options
  return startDrainLoop({
    ...{ url, channel: null, gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'passwords', log },
    async drain(closing) {
      const erased = await eraseExpiredPasswords(pool, TEMPORARY_DAYS)
      if (erased > 0) log.info({ erased }, 'temporary passwords have expired')
      await hashPasswords(pool, vault, closing)
    },
  })
}

/** Hashes until none is left or `closing`. @returns how many */
export async function hashPasswords(pool: pg.Pool, vault: Vault, closing?: AbortSignal): Promise<number> {
  let hashed = 0
  for (;;) {
    const users = await readUnhashed(pool, BATCH)
    for (const user of users) {
      if (closing?.aborted) return hashed
      const place = { tenant: user.slug, table: 'offhook.users', row: String(user.id), column: 'password' }
      await setTemporaryHash(pool, user, await hashPassword(vault.open(user.password, place)))
      hashed++
    }
    if (users.length < BATCH) return hashed
  }
}
