import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** Seconds that COPY takes for all rows that are there now, in one transaction, in an order that foreign keys allow. */
export async function copyAgain(client: pg.Client): Promise<number> {
  const tables = await filledTables(client)
  const contents = new Map<string, Buffer[]>()
  for (const table of tables) {
    const chunks: Buffer[] = []
    for await (const chunk of client.query(copyTo(`copy ${table} to stdout (format binary)`)))
      chunks.push(chunk as Buffer)
    contents.set(table, chunks)
  }
  await emptyAll(client)
  const startedAt = performance.now()
  await client.query('begin')
  for (const table of tables)
    await pipeline(
      Readable.from(contents.get(table)!),
      client.query(copyFrom(`copy ${table} from stdin (format binary)`)),
    )
  await client.query('commit')
  return (performance.now() - startedAt) / 1000
}

export async function emptyAll(client: pg.Client): Promise<void> {
  await client.query(`truncate ${[...(await filledTables(client)), 'offhook.installation'].join(', ')}`)
}

const PARENTS_FIRST = [
  ...['tenants', 'locations', 'roles', 'users', 'groups', 'extensions', 'endpoints', 'mailboxes', 'dids', 'devices'],
  ...['lines', 'directory_entries', 'imports'],
].map((name) => `offhook.${name}`)

async function filledTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select schemaname || '.' || relname as name from pg_stat_user_tables
     where schemaname in ('offhook', 'asterisk') and relname not like 'migration%' and relname <> 'installation'`,
  )
  const rank = (name: string) => (PARENTS_FIRST.indexOf(name) + PARENTS_FIRST.length + 1) % (PARENTS_FIRST.length + 1)
  return rows.map(({ name }) => name).sort((a, b) => rank(a) - rank(b))
}
