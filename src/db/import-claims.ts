import type pg from 'pg'
import { type DueState, DUE_STATES } from './imports.ts'

/** An import that some work is due on, held by nobody else until it is let go. */
export type ImportClaim = {
  id: number
  tenantId: number
  state: DueState
  /** Who asked for it. */
  actor: string
  /** How often it was begun before. */
  attempts: number
  release(): Promise<void>
}

/** Beside the number of an import, in the two-part form of advisory locks. */
const CLAIM_LOCK = 0x1a9

/**
 * Claims an import by a lock of the session, so that a process that dies lets go of it. Null when nothing is due.
 * @param owner connections that see all tenants
 */
export async function claimImport(owner: pg.Pool, importId?: number): Promise<ImportClaim | null> {
  const client = await owner.connect()
  let claimed = false
  try {
    const { rows } = await client.query<{ id: number }>(
      `select id from imports where state = any ($2) and ($1::bigint is null or id = $1) order by id`,
      [importId ?? null, DUE_STATES],
    )
    for (const { id } of rows) {
      if (!(await tryLock(client, id))) continue
      // Whoever held it a moment ago may have finished it.
      const due = await client.query<Omit<ImportClaim, 'release'>>(
        `update imports set attempts = attempts + 1 where id = $1 and state = any ($2)
         returning id, tenant_id as "tenantId", state, coalesce(asked_by, actor) as actor, attempts - 1 as attempts`,
        [id, DUE_STATES],
      )
      if (due.rows[0]) {
        claimed = true
        return { ...due.rows[0], release: () => letGo(client, id) }
      }
      await unlock(client, id)
    }
    return null
  } finally {
    if (!claimed) client.release()
  }
}

/** An import that was stopped together with its process counts as not begun. */
export async function forgiveAttempt(owner: pg.Pool, importId: number): Promise<void> {
  await owner.query('update offhook.imports set attempts = attempts - 1 where id = $1 and attempts > 0', [importId])
}

async function letGo(client: pg.PoolClient, id: number): Promise<void> {
  try {
    await unlock(client, id)
    client.release()
  } catch (error) {
    // A connection that is gone holds no lock; the pool must not lend it again.
    client.release(error as Error)
  }
}

async function tryLock(client: pg.PoolClient, id: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
    CLAIM_LOCK,
    id % 0x7fffffff,
  ])
  return rows[0]!.locked
}

async function unlock(client: pg.PoolClient, id: number): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [CLAIM_LOCK, id % 0x7fffffff])
}
