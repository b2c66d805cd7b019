import type pg from 'pg'
import { expireCache } from '../asterisk/expire-cache.ts'
import { reloadModule } from '../asterisk/reload-module.ts'
import { addTenantContext } from '../asterisk/tenant-context.ts'
import type { AmiClient } from '../asterisk/ami/client.ts'
import { inTransaction } from '../db/pool.ts'

type Entry = { id: number; kind: 'reload' | 'expire' | 'tenant-context'; subject: string; attempts: number }

/** The longest pause between two tries, so that an Asterisk that comes back is served within a minute. */
const LONGEST_PAUSE_S = 60

export type Drained = { done: number; failed: number }

/**
 * Sends what is due, each kind and subject once however often it was asked for, and marks it done only when Asterisk
 * has confirmed it. What fails stays, to be tried again after a growing pause. Two processes never send the same entry.
 * @param pool connections of the owner: the outbox is read over all tenants
 */
export async function drainOutbox(pool: pg.Pool, ami: AmiClient): Promise<Drained> {
  return inTransaction(pool, null, async (client) => {
    // One sender at a time: UpdateConfig rewrites a whole file of Asterisk's, so two at once could lose one change.
    await client.query(`select pg_advisory_xact_lock(hashtext('offhook outbox'))`)
    const { rows } = await client.query<Entry>(
      `select id, kind, subject, attempts from outbox where done_at is null and next_attempt_at <= now()
       order by id for update skip locked`,
    )
    const drained: Drained = { done: 0, failed: 0 }
    for (const entries of Map.groupBy(rows, ({ kind, subject }) => `${kind} ${subject}`).values()) {
      const ids = entries.map(({ id }) => id)
      const failure = await send(ami, entries[0]!)
      if (failure === null) await client.query('update outbox set done_at = now() where id = any ($1)', [ids])
      else {
        const pauseS = Math.min(2 ** Math.max(...entries.map(({ attempts }) => attempts)), LONGEST_PAUSE_S)
        await client.query(
          `update outbox set attempts = attempts + 1, last_error = $2,
             next_attempt_at = now() + make_interval(secs => $3) where id = any ($1)`,
          [ids, failure, pauseS],
        )
      }
      drained[failure === null ? 'done' : 'failed'] += ids.length
    }
    return drained
  })
}

/** Null when Asterisk confirmed, else why not. */
async function send(ami: AmiClient, entry: Entry): Promise<string | null> {
  try {
    await act(ami, entry)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

async function act(ami: AmiClient, { kind, subject }: Entry): Promise<void> {
  switch (kind) {
    case 'reload':
      return reloadModule(ami, subject)
    case 'expire':
      return expireCache(ami, subject)
    case 'tenant-context':
      return addTenantContext(ami, subject)
  }
}
