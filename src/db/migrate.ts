import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import knex, { type Knex } from 'knex'
import pg from 'pg'
import { AppError } from '../model/app-error.ts'
import { explainFailure } from './explain-failure.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'sql')
const FILE = /^\d{4}_[a-z_]+\.sql$/
/** Asterisk's tables, which an installation may have had before us. */
const ASTERISK_FILE = '0002_asterisk_realtime.sql'

/** Knex prints the whole file when one fails; what failed is thrown anyway. */
const SILENT = { warn: ignore, error: ignore, debug: ignore, deprecate: ignore }

type Migration = { name: string; sql: string; sha256: string }

/**
 * Brings the database to the state of `sql/`, each file in its own transaction; several processes may call it at once.
 * @returns the names of the files that were run now
 * @throws AppError `database-newer`, `migration-edited` or `database-unreachable`
 */
export async function migrate(url: string): Promise<string[]> {
  const migrations = readMigrations()
  const database = knex({ client: 'pg', connection: url, pool: { min: 0, max: 2 }, log: SILENT })
  const lock = new pg.Client({ connectionString: url })
  lock.on('error', ignore) // when it is cut, so is what it protects, and that says so
  try {
    await lock.connect()
    await lock.query(`select pg_advisory_lock(hashtext('offhook migrations'))`)
    await prepareLedger(database)
    await compareHashes(database, migrations)
    const foreign = await hasForeignAsterisk(database)
    const ledger: Knex.MigratorConfig = {
      schemaName: 'offhook',
      tableName: 'migrations',
      migrationSource: {
        getMigrations: () => Promise.resolve(migrations),
        getMigrationName: (migration) => migration.name,
        getMigration: (migration) => Promise.resolve({ up: (tx) => apply(tx, migration, foreign), down: refuseDown }),
      } satisfies Knex.MigrationSource<Migration>,
    }
    // Knex's own lock is a row that a killed process leaves behind. Ours is a session's, so here it can only be stale.
    if (await database.schema.withSchema('offhook').hasTable('migrations_lock'))
      await database.migrate.forceFreeMigrationsLock(ledger)
    const [, done] = (await database.migrate.latest(ledger)) as [number, string[]]
    return done
  } catch (error) {
    throw explain(error)
  } finally {
    await database.destroy()
    await lock.end()
  }
}

/**
 * Compares the database with `sql/` and changes nothing.
 * @throws AppError `database-behind`, `database-newer`, `migration-edited` or `database-unreachable`
 */
export async function checkMigrations(url: string): Promise<void> {
  const migrations = readMigrations()
  const database = knex({ client: 'pg', connection: url, pool: { min: 0, max: 1 }, log: SILENT })
  try {
    const ran = (await database.schema.withSchema('offhook').hasTable('migration_contents'))
      ? await compareHashes(database, migrations)
      : 0
    if (ran < migrations.length)
      throw new AppError('database-behind', 'The database is older than this Offhook. Run: offhook migrate')
  } catch (error) {
    throw explain(error)
  } finally {
    await database.destroy()
  }
}

function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => FILE.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(FOLDER, name), 'utf8')
      return { name, sql, sha256: hash('sha256', sql) }
    })
}

/** The schema and the content ledger come before the first migration, for they hold what was run. */
async function prepareLedger(database: Knex): Promise<void> {
  await database.raw('create schema if not exists offhook')
  await database.raw(
    'create table if not exists offhook.migration_contents (name text primary key, sha256 text not null)',
  )
}

/** A file that was edited after it ran would leave old and new installations different. */
async function compareHashes(database: Knex, migrations: Migration[]): Promise<number> {
  const ran = await database('offhook.migration_contents').select<{ name: string; sha256: string }[]>('name', 'sha256')
  for (const { name, sha256 } of ran) {
    const file = migrations.find((migration) => migration.name === name)
    if (!file) throw new AppError('database-newer', `The database was migrated by a newer Offhook (${name}).`)
    if (file.sha256 !== sha256) throw new AppError('migration-edited', `sql/${name} was changed after it was run.`)
  }
  return ran.length
}

async function hasForeignAsterisk(database: Knex): Promise<boolean> {
  const answer = await database.raw<{ rows: { there: boolean }[] }>(
    `select to_regclass('asterisk.ps_endpoints') is not null
       and not exists (select from offhook.migration_contents where name = ?) as there`,
    [ASTERISK_FILE],
  )
  return answer.rows[0]!.there
}

async function apply(tx: Knex, migration: Migration, foreign: boolean): Promise<void> {
  const skipped = foreign && migration.name === ASTERISK_FILE
  if (!skipped) {
    await tx.raw(`set local lock_timeout = '10s'`)
    await tx.raw(escapeBindings(migration.sql))
  }
  await tx('offhook.migration_contents').insert({
    name: migration.name,
    sha256: migration.sha256,
  })
}

/** Knex reads `?` in raw text as a binding. */
function escapeBindings(sql: string): string {
  return sql.replaceAll('?', '\\?')
}

function ignore(): void {}

function refuseDown(): Promise<never> {
  return Promise.reject(new Error('migrations go forward only'))
}

function explain(error: unknown): unknown {
  if (error instanceof AppError) return error
  if ((error as Error).message.includes('migration directory is corrupt'))
    return new AppError('database-newer', 'The database was migrated by a newer Offhook.', { cause: error })
  return explainFailure(error)
}
