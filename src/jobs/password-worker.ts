import type pg from 'pg'
import {
  eraseExpiredPasswords,
  notePasswordFault,
  readUnhashed,
  setTemporaryHash,
  type UnhashedPassword,
} from '../db/user-passwords.ts'
import { AppError } from '../model/app-error.ts'
import type { Log } from '../model/log.ts'
import type { Secret } from '../model/secret.ts'
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
      const { faults } = await hashPasswords(pool, vault, closing)
      if (faults.length > 0)
        log.warn({ users: faults }, 'temporary passwords cannot be opened with this OFFHOOK_KEY; issue new ones')
    },
  })
}

/**
 * Hashes until none is left or `closing`. One that cannot be opened holds up no other; it is noted, and tried again every
 * time, for the key may be put right.
 * @returns how many, and whose cannot be opened that was not known yet
 */
export async function hashPasswords(
  pool: pg.Pool,
  vault: Vault,
  closing?: AbortSignal,
): Promise<{ hashed: number; faults: number[] }> {
  let hashed = 0
  const faults: number[] = []
  for (let after: number | undefined = 0; after !== undefined;) {
    const users: UnhashedPassword[] = await readUnhashed(pool, BATCH, after)
    for (const user of users) {
      if (closing?.aborted) return { hashed, faults }
      const password = openOrNull(vault, user)
      if (password === null) {
        if (await notePasswordFault(pool, user)) faults.push(user.id)
        continue
      }
      await setTemporaryHash(pool, user, await hashPassword(password))
      hashed++
    }
    after = users.length < BATCH ? undefined : users.at(-1)!.id
  }
  return { hashed, faults }
}

function openOrNull(vault: Vault, { id, slug, password }: UnhashedPassword): Secret | null {
  try {
    return vault.open(password, { tenant: slug, table: 'offhook.users', row: String(id), column: 'password' })
  } catch (error) {
    if (error instanceof AppError && error.code === 'key-wrong') return null
    throw error
  }
}
