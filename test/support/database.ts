import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { joinEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import { migrate } from '../../src/db/migrate.ts'

/** A migrated PostgreSQL database of its own, and what an Asterisk needs to log in to it. */
export type TestDatabase = {
  /** Owner's URL. */
  url: string
  /** Runs SQL as the owner. */
  query: (sql: string, values?: unknown[]) => Promise<pg.QueryResult>
  asterisk: { host: string; port: number; name: string; user: string; password: string }
  close(): Promise<void>
}

/** Starts a PostgreSQL server of its own (about a second) in a temporary folder. `migrated: false` leaves it empty. */
export async function createTestDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-db-'))
  const server = await joinEmbeddedPostgres(folder)
  if (options.migrated ?? true) await migrate(server.url)
  const pool = new pg.Pool({ connectionString: server.url, max: 4 })
  pool.on('error', () => undefined) // tests stop the server on purpose
  const password = randomBytes(16).toString('hex')
  if (options.migrated ?? true) await pool.query(`alter role offhook_asterisk login password '${password}'`)
  await pool.query(`alter system set fsync = off`)
  await pool.query('select pg_reload_conf()')
  const { hostname, port, pathname } = new URL(server.url)
  return {
    url: server.url,
    query: (sql, values) => pool.query(sql, values),
    asterisk: { host: hostname, port: Number(port), name: pathname.slice(1), user: 'offhook_asterisk', password },
    async close() {
      await pool.end()
      await server.leave()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
