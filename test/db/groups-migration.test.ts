import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const FOLDER = join(import.meta.dirname, '../../sql')
const GROUPS = '0012_groups.sql'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.close()
})

async function run(file: string): Promise<void> {
  await client.query('begin')
  await client.query(readFileSync(join(FOLDER, file), 'utf8'))
  await client.query('commit')
}

test('words that imports wrote down become groups with members, each tenant its own', async () => {
  for (const file of readdirSync(FOLDER).filter((name) => /^\d{4}_/.test(name) && name < GROUPS)) await run(file)
  await client.query(`insert into offhook.tenants (id, slug, name) values (1, 'acme', 'Acme'), (2, 'zeta', 'Zeta')`)
  await client.query(
    `insert into offhook.users (tenant_id, username, groups) values
       (1, 'ada', '["Sales", "Night; weekend"]'), (1, 'ben', '["Sales", "42", " "]'), (2, 'zoe', '["Sales"]'), (2, 'zack', '[]')`,
  )
  await run(GROUPS)
  const { rows } = await client.query(
    `select t.slug, g.name, g.queue, array_agg(u.username order by u.username) as members
     from offhook.groups g join offhook.tenants t on t.id = g.tenant_id join offhook.group_members m on m.group_id = g.id
       join offhook.users u on u.id = m.user_id group by 1, 2, 3 order by 1, 2`,
  )
  expect(rows).toEqual([
    { slug: 'acme', name: 'Night  weekend', queue: 'group-1-acme', members: ['ada'] },
    { slug: 'acme', name: 'Sales', queue: 'group-2-acme', members: ['ada', 'ben'] },
    { slug: 'zeta', name: 'Sales', queue: 'group-3-zeta', members: ['zoe'] },
  ])
})
