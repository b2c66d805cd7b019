import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { withoutRoot } from '../../src/db/embedded/binaries.ts'
import { joinEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import type { TestDatabase } from './database.ts'

/** Ends a test's PostgreSQL as a power cut would, and starts it again on its port. */
export type DatabaseCrasher = {
  /** Kills the server with SIGKILL. */
  kill: () => void
  /** Resolves when it answers again; its recovery is behind it. */
  start: () => Promise<void>
  /** Before the database is closed: nobody else stops a server that was started here. */
  close: () => Promise<void>
}

export async function openDatabaseCrasher(database: TestDatabase): Promise<DatabaseCrasher> {
  const { rows } = await database.query('show data_directory')
  const cluster = (rows[0] as { data_directory: string }).data_directory
  const pidFile = join(cluster, 'postmaster.pid')
  // One line: the program, then its words in quotes (PostgreSQL, "pg_ctl", postmaster.opts).
  const [program, ...quoted] = readFileSync(join(cluster, 'postmaster.opts'), 'utf8')
    .trim()
    .split(/ (?=")/)
  const words = quoted.map((word) => word.slice(1, -1))
  const answers = async () => {
    const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select 1')
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return {
    kill: () => process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGKILL'),
    async start() {
      const deadline = performance.now() + 30_000
      // The children of the one before hold its memory for a moment, and a new one refuses to start beside them.
      for (;;) {
        rmSync(pidFile, { force: true })
        const [first, ...rest] = [...withoutRoot([dirname(dirname(program!)), cluster]), program!, ...words]
        const child = spawn(first!, rest, { detached: true, stdio: 'ignore', cwd: '/' })
        child.unref()
        while (child.exitCode === null) {
          if (await answers()) return
          await sleep(50)
          if (performance.now() > deadline) throw new Error('PostgreSQL did not start again within 30 s')
        }
        await sleep(100)
      }
    },
    async close() {
      const server = await joinEmbeddedPostgres(join(cluster, '..', '..'))
      await server.leave()
    },
  }
}
