import type { Queryable } from './pool.ts'

// Rows say which files are wanted, the folder holds them. Whoever adds one puts the file in its place under the shared
// lock and commits the row with it; whoever cleans up holds the lock alone. So a wanted file is never taken away.
const LOCK = `hashtext('offhook store')`

/** Until the transaction ends, nobody cleans up. */
export async function lockStoreForAdding(client: Queryable): Promise<void> {
  await client.query(`select pg_advisory_xact_lock_shared(${LOCK})`)
}

/** Until the transaction ends, nobody adds. */
export async function lockStoreForCleaning(client: Queryable): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${LOCK})`)
}

/** Digests in hex of every file that a row of any tenant knows. @param owner connections of the owner */
export async function listWantedFiles(owner: Queryable): Promise<Set<string>> {
  const { rows } = await owner.query<{ sha256: string }>(
    `select encode(sha256, 'hex') as sha256 from offhook.firmware_files
     union select encode(sha256, 'hex') from offhook.assets`,
  )
  return new Set(rows.map(({ sha256 }) => sha256))
}

/** What the files of a tenant take, each row for itself. */
export async function sumStoredBytes(client: Queryable, tenantId: number): Promise<number> {
  const { rows } = await client.query<{ bytes: string | null }>(
    `select sum(bytes)::text as bytes from (select bytes from firmware_files where tenant_id = $1
       union all select bytes from assets where tenant_id = $1) f`,
    [tenantId],
  )
  return Number(rows[0]?.bytes ?? 0)
}
