import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool, inTransaction } from '../../src/db/pool.ts'
import { addTrunk } from '../../src/people/add-trunk.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { approveImport } from '../../src/people/stored-imports/approve-import.ts'
import { createImport } from '../../src/people/stored-imports/create-import.ts'
import { editRows } from '../../src/people/stored-imports/edit-import.ts'
import { workOnImport } from '../../src/people/stored-imports/work-on-import.ts'
import { releasePhones } from '../../src/people/release-phones.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { dumpSchema, SCHEMA_FILE } from '../support/dump-schema.ts'

let database: TestDatabase
let owner: pg.Pool
let desk: Awaited<ReturnType<typeof openDesk>>
/** Every table that says whose its rows are. */
let tables: string[]

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner', { max: 2 })
  for (const tenant of [desk.acme, desk.zeta]) await fill(tenant)
  const { rows } = await database.query(
    `select table_name as name from information_schema.columns
     where table_schema = 'offhook' and column_name = 'tenant_id' order by 1`,
  )
  tables = (rows as { name: string }[]).map(({ name }) => name)
})
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
})

/** At least one row of the tenant in every table. */
async function fill(tenant: typeof desk.acme): Promise<void> {
  const mine = tenant === desk.acme ? '1' : '2'
  await applyImport(desk, {
    ...{ tenant, source: 'people.csv', actor: 'test', options: {} },
    input: {
      kind: 'text',
      text: `extension,first_name,email,did,mac,model,password\n1001,Ada,ada@example.org,+49301234500${mine},00156500000${mine},T46U,correct-horse\n`,
    },
  })
  const importId = await createImport(desk, {
    ...{ tenant, source: 'people.csv', actor: 'test', options: { map: { extension: 'Number' } } },
    input: { kind: 'text', text: 'Number,first_name\n1002,Bob\n' },
  })
  await workOnImport(owner, desk)
  const edits = new Map([[1, { values: { first_name: 'Bert' } }]])
  await editRows(desk, { tenant, importId, actor: 'test' }, edits)
  await workOnImport(owner, desk)
  await approveImport(desk, tenant, importId, { actor: 'test' })
  await workOnImport(owner, desk)
  await addTrunk(desk, tenant, { name: 'carrier', match: `192.0.2.${mine}` }, 'test')
  await releasePhones(desk, tenant, { deviceId: null, minutes: 5, actor: 'test' })
  const insert = (sql: string) => database.query(sql, [tenant.id])
  await insert(`insert into offhook.locations (tenant_id, name) values ($1, 'Here')`)
  await insert(`insert into offhook.profiles (tenant_id, name) values ($1, 'Usual')`)
  await insert(
    `insert into offhook.keys (tenant_id, device_id, position, kind)
     select $1, id, 1, 'blf' from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.groups (tenant_id, name, queue) values ($1::bigint, 'Sales', 'sales-' || $1::bigint)`,
  )
  await insert(
    `insert into offhook.group_members (tenant_id, group_id, user_id)
     select $1, g.id, u.id from offhook.groups g, offhook.users u where g.tenant_id = $1 and u.tenant_id = $1`,
  )
  await insert(
    `insert into offhook.device_contacts (tenant_id, device_id, at, transport, address, file, user_agent, outcome)
     select $1, id, now(), 'http', '192.0.2.1', 'x.cfg', '', 'absent' from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.device_files (tenant_id, device_id, name, etag, served_at)
     select $1, id, 'mac', '"x"', now() from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.account_states (tenant_id, endpoint_id, reachable)
     select $1, id, true from offhook.endpoints where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.changed_devices (tenant_id, device_id)
     select $1, id from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.device_resyncs (tenant_id, device_id, reason)
     select $1, id, 'asked' from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `with code as (insert into offhook.claim_codes (tenant_id, salt, code_sha256, installer, phones_left, created_by,
       expires_at) values ($1::bigint, '', '', 'Ida', 1, 'test', now() + interval '1 hour') returning id)
     insert into offhook.claim_phones (tenant_id, mac, family, model, address, account, secret, admin_password, expires_at)
     select $1, '00156500001${mine}', 'yealink', 'T46U', '192.0.2.1', 'claim.abcdefghijklmno${mine}', '', '', now() from code`,
  )
  await insert(
    `insert into offhook.device_links (tenant_id, device_id, token_sha256, created_by, expires_at)
     select $1, id, token_sha256, 'test', now() + interval '1 hour' from offhook.devices where tenant_id = $1`,
  )
  await insert(`insert into offhook.contacts (tenant_id, name, number) values ($1, 'Plumber', '+49301234567')`)
  await insert(
    `with image as (insert into offhook.firmware_images (tenant_id, family, version)
       values ($1::bigint, 'yealink', '1.0') returning id),
     file as (insert into offhook.firmware_files (tenant_id, image_id, name, models, sha256, bytes)
       select $1, id, 'a.rom', '{}', sha256(''), 1 from image),
     rollout as (insert into offhook.firmware_rollouts (tenant_id, family, image_id, percentage)
       select $1, 'yealink', id, 5 from image returning id),
     pin as (insert into offhook.firmware_pins (tenant_id, device_id, image_id)
       select $1, d.id, image.id from offhook.devices d, image where d.tenant_id = $1),
     offer as (insert into offhook.firmware_offers (tenant_id, device_id, image_id, rollout_id, active)
       select $1, d.id, image.id, rollout.id, false from offhook.devices d, image, rollout where d.tenant_id = $1)
     insert into offhook.assets (tenant_id, kind, name, sha256, bytes, format)
       values ($1, 'ringtone', 'office', sha256(''), 1, 'wav')`,
  )
  await insert(
    `insert into offhook.device_certificates (tenant_id, device_id, sha256, subject, issuer, expires_at)
     select $1, id, repeat('0', 64), 'CN=x', 'CN=y', now() from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.device_logins (tenant_id, device_id, password)
     select $1, id, '' from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.device_exposures (tenant_id, device_id, at, transport, address)
     select $1, id, now(), 'http', '192.0.2.1' from offhook.devices where tenant_id = $1`,
  )
  await insert(
    `insert into offhook.login_addresses (tenant_id, path, opened_by)
     values ($1::bigint, lpad($1::bigint::text, 22, '0'), 'test')`,
  )
  await insert(`insert into offhook.spent_mailboxes (tenant_id, number) values ($1, '1009')`)
  await insert(`insert into offhook.mails (tenant_id, kind, recipient) values ($1, 'notice', 'admin@example.org')`)
  await insert(
    `insert into offhook.invitations (tenant_id, user_id, token_sha256, expires_at)
     select tenant_id, id, sha256(id::text::bytea), now() from offhook.users where tenant_id = $1`,
  )
  await insert(
    `with webhook as (insert into offhook.webhooks (tenant_id, url, secret, events, created_by)
       values ($1::bigint, 'https://crm.example.org/', '', '{user.created}', 'test') returning id)
     insert into offhook.webhook_deliveries (tenant_id, webhook_id, event_id, type, body)
     select $1, id, 'msg_1', 'user.created', '{}' from webhook`,
  )
  await insert(
    `with account as (insert into offhook.redirect_accounts (tenant_id, maker, service, username, login, created_by)
       values ($1::bigint, 'yealink', 'yealink-rps', 'acme', '', 'test') returning id)
     insert into offhook.redirect_devices (tenant_id, account_id, mac) select $1, id, '001565000001' from account`,
  )
  await insert(`insert into offhook.device_serials (tenant_id, mac, serial) values ($1, '001565000001', '1234')`)
  await insert(
    `with token as (insert into offhook.tokens (tenant_id, name, sha256, scopes, created_by)
       values ($1::bigint, 'reader', sha256($1::bigint::text::bytea), '{people:read}', 'test') returning id)
     insert into offhook.idempotency_keys (token_id, key, tenant_id, request_sha256) select id, 'k', $1, '' from token`,
  )
}

/** The value of the first column of the first row, as one tenant, nobody, or with another role. */
async function ask(pool: pg.Pool, tenantId: number | null, sql: string, values: unknown[] = []): Promise<unknown> {
  return inTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(sql, values)
    return Object.values(rows[0] ?? {})[0]
  })
}

test('schema.sql is what the migrations amount to, and can be loaded', async () => {
  const dumped = await dumpSchema(database.url)
  expect(dumped).toBe(readFileSync(SCHEMA_FILE, 'utf8'))
  await database.query('create database loaded')
  const url = database.url.replace(/\/postgres$/, '/loaded')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(dumped)
  await client.end()
  expect(await dumpSchema(url)).toBe(dumped)
})

test('no tenant sees, takes or gives away a row of another, in any table', async () => {
  expect(tables.length).toBeGreaterThan(15)
  for (const table of tables) {
    const { rows } = await database.query(
      `select count(*) filter (where tenant_id = $1)::int as acme, count(*) filter (where tenant_id = $2)::int as zeta
       from offhook.${table}`,
      [desk.acme.id, desk.zeta.id],
    )
    expect(rows[0], `${table} must hold rows of both, or this proves nothing`).toMatchObject({
      acme: expect.toSatisfy((count: number) => count > 0) as number,
      zeta: expect.toSatisfy((count: number) => count > 0) as number,
    })
    const counted = `select count(*)::int from ${table}`
    expect(await ask(desk.pool, desk.acme.id, counted), table).toBe((rows[0] as { acme: number }).acme)
    expect(await ask(desk.pool, null, counted), table).toBe(0)
    const changed = `with changed as (update ${table} set tenant_id = tenant_id where tenant_id = $1 returning 1)
      select count(*)::int from changed`
    const taken = ask(desk.pool, desk.acme.id, changed, [desk.zeta.id])
    if (table === 'audit') await expect(taken).rejects.toThrow(/permission denied/)
    else expect(await taken, table).toBe(0)
    await expect(
      ask(desk.pool, desk.acme.id, `update ${table} set tenant_id = $1`, [desk.zeta.id]),
      table,
    ).rejects.toThrow(/row-level security|permission denied/)
  }
  expect(await ask(desk.pool, desk.acme.id, 'select string_agg(slug, $1) from tenants', [' '])).toBe('acme')
})

test('the references between tables cannot lead from one tenant into another', async () => {
  const { rows } = await database.query(
    `select conrelid::regclass::text || ' ' || conname as name from pg_constraint k
     where contype = 'f' and connamespace = 'offhook'::regnamespace
       and conrelid in (select attrelid from pg_attribute where attname = 'tenant_id')
       and confrelid <> 'offhook.tenants'::regclass
       and not exists (select from unnest(conkey) key join pg_attribute on attrelid = conrelid and attnum = key
         where attname = 'tenant_id')`,
  )
  expect(rows).toEqual([])
})

test('the role that answers phones reads what a configuration is made of, and writes one column beside the story', async () => {
  const phones = createPool(database.url, 'offhook_phones')
  const list = async (privilege: string) => {
    const { rows } = await database.query(
      `select c.relname || '.' || attname as name, format_type(atttypid, null) as type
       from pg_attribute a join pg_class c on c.oid = attrelid where attnum > 0 and not attisdropped
         and relnamespace in ('offhook'::regnamespace, 'asterisk'::regnamespace) and relkind = 'r'
         and has_schema_privilege('offhook_phones', relnamespace, 'usage')
         and has_column_privilege('offhook_phones', attrelid, attnum, '${privilege}') order by 1`,
    )
    return rows as { name: string; type: string }[]
  }
  const readable = await list('select')
  expect([...new Set(readable.map(({ name }) => name.split('.')[0]))]).toEqual([
    ...[
      'assets',
      'claim_codes',
      'contacts',
      'device_certificates',
      'device_contacts',
      'device_exposures',
      'device_files',
    ],
    ...['device_links', 'device_logins', 'devices', 'directory_entries', 'endpoints', 'extensions', 'firmware_files'],
    ...['firmware_images', 'firmware_offers', 'groups', 'keys', 'lines', 'locations', 'login_addresses', 'profiles'],
    ...['release_windows', 'tenants', 'users', 'waiting_phones'],
  ])
  // Whatever is sealed is bytes.
  expect(readable.filter(({ type }) => type === 'bytea').map(({ name }) => name)).toEqual([
    ...['assets.sha256', 'device_links.token_sha256', 'device_logins.password', 'devices.admin_password'],
    ...['devices.token', 'devices.token_sha256', 'endpoints.secret', 'firmware_files.sha256'],
  ])
  expect(readable.filter(({ name }) => name.startsWith('users.')).map(({ name }) => name.slice(6))).toEqual(
    'first_name id language last_name location_id suspended tenant_id timezone'.split(' '),
  )
  const tablesOf = async (right: string) => [...new Set((await list(right)).map(({ name }) => name.split('.')[0]))]
  expect((await list('update')).map(({ name }) => name).filter((name) => name.startsWith('devices.'))).toEqual([
    'devices.sealed_at',
  ])
  // The story of phones is theirs to write.
  expect(await tablesOf('update')).toEqual([
    'device_certificates',
    'device_exposures',
    'device_files',
    'device_links',
    'devices',
    'waiting_phones',
  ])
  expect(await tablesOf('insert')).toEqual([
    'device_certificates',
    'device_contacts',
    'device_exposures',
    'device_files',
    'waiting_phones',
  ])
  for (const secret of ['select password from users', 'select pin from mailboxes', 'select match from trunks'])
    await expect(ask(phones, null, secret)).rejects.toThrow(/permission denied/)
  await phones.end()
})

test("Asterisk's login sees nothing of ours, and writes only what it must", async () => {
  const { host, port, name, user, password } = database.asterisk
  const client = new pg.Client({ host, port, database: name, user, password })
  await client.connect()
  try {
    expect((await client.query('select id from ps_endpoints order by id')).rows).toMatchObject([
      ...[
        { id: '1001-acme' },
        { id: '1001-zeta' },
        { id: '1002-acme' },
        { id: '1002-zeta' },
        { id: 'trunk.carrier-acme' },
        { id: 'trunk.carrier-zeta' },
      ],
    ])
    const refused = [
      ...tables.map((table) => `select from offhook.${table}`),
      'select from offhook.installation',
      'select from offhook.tenants',
      `select offhook.taken_macs('{}')`,
      `insert into ps_endpoints (id) values ('1009-acme')`,
      `update ps_auths set password = 'x'`,
      'delete from ps_aors',
      `update voicemail set email = 'x@example.org'`,
      'delete from extensions',
      `update queue_members set interface = 'x'`,
      'create table mine (n int)',
      'set role offhook_app',
    ]
    for (const sql of refused) await expect(client.query(sql), sql).rejects.toThrow(/permission denied/)
    await client.query(`update voicemail set password = '97531' where mailbox = '1001'`)
    await client.query(`insert into ps_contacts (id) values ('1001-acme^3B@x')`)
  } finally {
    await client.end()
  }
})
