import { randomBytes } from 'node:crypto'
import { openInstallation } from '../../src/db/installation.ts'
import { createPool } from '../../src/db/pool.ts'
import { createTenant, type Tenant } from '../../src/db/tenants.ts'
import { Secret } from '../../src/model/secret.ts'
import type { PeopleDesk } from '../../src/people/desk.ts'
import { createVault } from '../../src/secrets/vault.ts'
import type { TestDatabase } from '../support/database.ts'

const LISTED = [
  { family: 'yealink', model: 'T46U', lines: 16, softphone: false, sha256: true },
  { family: 'grandstream', model: 'GRP2614', lines: 4, softphone: false, sha256: true },
  { family: 'linphone', model: 'Linphone', lines: 1, softphone: true, sha256: true },
]

/** Phone models that tests name, by lower-case name. */
export const MODELS = new Map(LISTED.map((model) => [model.model.toLowerCase(), model]))

/** A desk on a test database with the tenants `acme` and `zeta`; `key` for who shares it with another process. */
export async function openDesk(
  database: TestDatabase,
  key: string = randomBytes(24).toString('hex'),
): Promise<PeopleDesk & { acme: Tenant; zeta: Tenant }> {
  const vault = createVault(new Secret(key))
  const pool = createPool(database.url, 'offhook_app')
  return {
    pool,
    vault,
    installation: await openInstallation({ query: database.query } as never, vault),
    models: MODELS,
    acme: await createTenant({ query: database.query } as never, 'acme', 'Acme'),
    zeta: await createTenant({ query: database.query } as never, 'zeta', 'Zeta'),
  }
}

/**
 * Every row of both schemas as sorted text, less what an undo leaves behind: history, outbox, contacts. Identity columns
 * of Asterisk's tables count how often a row was written, and nothing refers to them.
 */
export async function dumpTables(database: TestDatabase): Promise<Record<string, string[]>> {
  const stored = ['import_changes', 'import_rows', 'import_edits', 'import_progress']
  const history = [
    'imports',
    'mails',
    'remembered',
    'webhook_deliveries',
    ...['device_contacts', 'device_files', 'changed_devices', 'device_resyncs', 'account_states', 'waiting_phones'],
    ...stored,
    'outbox',
    'audit',
    'ps_contacts',
    'migrations',
    'migrations_lock',
  ]
  const { rows } = await database.query(
    `select n.nspname || '.' || quote_ident(relname) as name, array(select attname::text from pg_attribute
       where attrelid = c.oid and attidentity <> '') as identities
     from pg_class c join pg_namespace n on n.oid = relnamespace
     where n.nspname in ('offhook', 'asterisk') and relkind = 'r' and relname <> all ($1) order by 1`,
    [history],
  )
  const tables = rows as { name: string; identities: string[] }[]
  const parts = tables.map(({ name, identities }) => {
    // When a temporary password was set counts anew for somebody who comes back.
    const left = name === 'offhook.users' ? [...identities, 'password_at'] : identities
    const less = left.map((column) => ` - '${column}'`).join('')
    return `select '${name}' as name, (to_jsonb(t)${less})::text as row from ${name} t`
  })
  const all = await database.query(`${parts.join(' union all ')} order by 1, 2`)
  const dump: Record<string, string[]> = Object.fromEntries(tables.map(({ name }) => [name, []]))
  for (const { name, row } of all.rows as { name: string; row: string }[]) dump[name]!.push(row)
  return dump
}
