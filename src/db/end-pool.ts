import pg from 'pg'
import { settlesWithin } from './settles-within.ts'

const TERMINATED_WITHIN_MS = 500

/** The driver knows it, its types do not. */
type Connected = pg.PoolClient & { processID?: number }

const connections = new WeakMap<pg.Pool, Set<Connected>>()

/** Lets {@link endPool} end what the pool is doing; call it before the pool connects. */
export function watchPool(pool: pg.Pool): void {
  const open = new Set<Connected>()
  connections.set(pool, open)
  pool.on('connect', (client) => void open.add(client))
  pool.on('remove', (client) => void open.delete(client))
}

/**
 * Ends a pool. Whoever still works with a connection of it after that time loses it: the server ends the statement and
 * takes the transaction back, instead of going on with it for somebody who is not there any more.
 */
export async function endPool(pool: pg.Pool, withinMs: number): Promise<void> {
  const ended = pool.end()
  if (await settlesWithin(ended, withinMs)) return
  const pids = [...(connections.get(pool) ?? [])].map(({ processID }) => processID)
  await terminate(pool, pids)
  await settlesWithin(ended, TERMINATED_WITHIN_MS)
}

async function terminate(pool: pg.Pool, pids: readonly (number | undefined)[]): Promise<void> {
  const { connectionString } = pool.options
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: TERMINATED_WITHIN_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    // Behind a proxy the numbers may be those of others.
    await client.query({
      text: `select pg_terminate_backend(pid) from pg_stat_activity
             where pid = any ($1::int[]) and application_name like 'offhook %'`,
      values: [pids],
      query_timeout: TERMINATED_WITHIN_MS,
    } as pg.QueryConfig)
  } catch {
    // A server that cannot be reached does nothing for us any more either.
  } finally {
    await settlesWithin(client.end(), TERMINATED_WITHIN_MS).catch(() => undefined)
  }
}
