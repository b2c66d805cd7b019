import pg from 'pg'
import { watchPool } from './end-pool.ts'
import { explainFailure } from './explain-failure.ts'

/** What a pool may do: see sql/0004_rights.sql. `owner` is the login itself. */
export type DatabaseRole = 'owner' | 'offhook_app' | 'offhook_phones'

// bigint ids stay exact up to 2^53, which a sequence does not reach; text would make every comparison a trap.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Connections that act as one role, with the search path of our own schema. */
export function createPool(url: string, role: DatabaseRole, options: { max?: number } = {}): pg.Pool {
  const assume = role === 'owner' ? '' : `-c role=${role} `
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    // Statements that nobody waits for in between are sent at once: PostgreSQL works while the next ones are made.
    pipeline: true,
    options: `${assume}-c search_path=offhook -c timezone=UTC -c statement_timeout=120000 -c random_page_cost=1.1`,
    application_name: `offhook ${role}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  // A connection was cut: the query under way fails, the next one opens another. Heard on each client too, for the pool
  // does not listen to those that are lent out, and an error that nobody hears ends the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  watchPool(pool)
  return pool
}

/** A connection or pool: anything that runs one statement. */
export type Queryable = Pick<pg.ClientBase, 'query'>

/**
 * Runs `work` in one transaction, as one tenant if given: row-level security shows and takes nothing else.
 * @throws AppError `database-unreachable`, and whatever `work` throws
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  tenantId: number | null,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw explainFailure(error)
  })
  let broken: Error | undefined
  try {
    await client.query('begin')
    if (tenantId !== null) await client.query(`select set_config('offhook.tenant', $1, true)`, [String(tenantId)])
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => (broken = cause as Error))
    throw explainFailure(error)
  } finally {
    client.release(broken)
  }
}
