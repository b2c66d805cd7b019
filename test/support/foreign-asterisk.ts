import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../../src/db/migrate.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** Where Asterisk's own migrations (contrib/ast-db-manage, config branch of 22.10) are narrower than ours. */
const NARROWER: [ours: string, theirs: string][] = [
  ['callerid varchar(255)', 'callerid varchar(40)'],
  ['mailboxes varchar(255)', 'mailboxes varchar(40)'],
  [`('md5', 'userpass', 'google_oauth', 'digest')`, `('md5', 'userpass', 'google_oauth')`],
]

/** SQL of the schema `asterisk` as Asterisk's own tools make it. */
export function foreignAsteriskSql(): string {
  const ours = readFileSync(join(import.meta.dirname, '../../sql/0002_asterisk_realtime.sql'), 'utf8')
  // Our checks and indexes of AOR ids and dialplan rows come after this line.
  const theirs = ours.slice(0, ours.indexOf('-- res_sorcery_realtime.c looks contacts up'))
  return NARROWER.reduce((sql, [from, to]) => {
    if (!sql.includes(from)) throw new Error(`sql/0002 no longer has ${from}`)
    return sql.replace(from, to)
  }, theirs)
}

/** A migrated database in which Asterisk's tables were there first; `prepare` changes them before we come. */
export async function createForeignDatabase(prepare = ''): Promise<TestDatabase> {
  const database = await createTestDatabase({ migrated: false })
  await database.query(`${foreignAsteriskSql()}\n;${prepare}`)
  await migrate(database.url)
  await database.query(`alter role offhook_asterisk login password '${database.asterisk.password}'`)
  return database
}
