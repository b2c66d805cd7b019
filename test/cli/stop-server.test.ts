import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { createImport } from '../../src/people/stored-imports/create-import.ts'
import { createToken } from '../../src/people/access-tokens.ts'
import { approveImport } from '../../src/people/stored-imports/approve-import.ts'
import { importCsv } from '../people/import-csv.ts'
import { openDesk } from '../people/open-desk.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openTcpGate } from '../support/tcp-gate.ts'
import { type Running, startOffhook } from './run-offhook.ts'

const WITHIN_MS = 10_000
const PHONE = '001565abcd01'
const key = randomBytes(24).toString('hex')

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: pg.Pool
let folder: string
let token: string
const blockers: pg.Client[] = []
const servers: Running[] = []
const sockets: Socket[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database, key)
  owner = createPool(database.url, 'owner')
  folder = mkdtempSync(join(tmpdir(), 'offhook-stop-'))
  await importCsv(desk, desk.acme, `extension,last_name,mac,model\n1001,Abel,${PHONE},T46U\n`)
  const made = { tenantId: desk.acme.id, name: 'test', scopes: ['admin'], days: 1, actor: 'test' }
  token = (await createToken(owner, made)).token.reveal()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const client of blockers.splice(0)) await client.end()
  for (const { child, ended } of servers.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
})
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

type Served = { server: Running; people: number; phones: number }

async function start(url = database.url): Promise<Served> {
  const port = await findFreePorts(2)
  const server = startOffhook(['serve'], {
    ...{ OFFHOOK_DATA_DIR: folder, DATABASE_URL: url, OFFHOOK_KEY: key },
    ...{ OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) },
  })
  servers.push(server)
  return { server, people: port, phones: port + 1 }
}

async function serve(url?: string): Promise<Served> {
  const served = await start(url)
  const ready = () => fetch(`http://127.0.0.1:${served.people}/readyz`).then(({ status }) => status)
  await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 30_000, interval: 100 })
  return served
}

/** Nobody else can do anything with these until it is let go. */
async function block(...tables: string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url })
  blockers.push(client)
  await client.connect()
  await client.query('begin')
  for (const table of tables) await client.query(`lock table offhook.${table} in access exclusive mode`)
  return client
}

/** How many of a server's sessions wait for a lock. */
async function countWaiting(): Promise<number> {
  const { rows } = await database.query(
    `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'offhook %'`,
  )
  return (rows[0] as { count: number }).count
}

async function stop({ server }: Served): Promise<Awaited<Running['ended']> & { ms: number }> {
  const beganMs = performance.now()
  server.child.kill('SIGTERM')
  const late = new Promise<never>((_, reject) => setTimeout(reject, 3 * WITHIN_MS, new Error('it runs on')).unref())
  const ran = await Promise.race([server.ended, late])
  return { ...ran, ms: performance.now() - beganMs }
}

function connect(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(text))
    sockets.push(socket)
    socket.on('error', () => undefined).once('data', (answer: Buffer) => resolve(answer.toString('latin1')))
  })
}

test('a server with imports, jobs, requests and connections under way ends soon, and the next one does the work', async () => {
  const served = await serve()
  const rows = Array.from({ length: 500 }, (_, n) => `${2000 + n},User${n}`).join('\n')
  const id = await createImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'test', options: {} },
    input: { kind: 'file', bytes: Buffer.from(`extension,last_name\n${rows}\n`) },
  })
  const state = async () => {
    const { rows: found } = await database.query('select state, attempts from offhook.imports where id = $1', [id])
    return found[0] as { state: string; attempts: number }
  }
  await vi.waitFor(async () => expect((await state()).state).toBe('planned'), { timeout: 20_000, interval: 100 })
  const { attempts } = await state()
  // What phones ask is written, firmware is judged, what is old erased, people are changed: nothing of it can go on.
  await block('users', 'device_contacts', 'waiting_phones', 'firmware_offers', 'mails', 'claim_codes', 'outbox')
  await approveImport(desk, desk.acme, id, { actor: 'test' })
  await connect(served.phones, `GET /${PHONE}.cfg HTTP/1.1\r\nHost: x\r\n\r\n`)
  void connect(served.people, 'GET /livez HTTP/1.1\r\nHost: x\r\n')
  const change = fetch(`http://127.0.0.1:${served.people}/api/v1/users`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ extension: '1002', first_name: 'Ben' }),
  }).catch(() => null)
  await vi.waitFor(async () => expect(await countWaiting()).toBeGreaterThanOrEqual(3), {
    timeout: 20_000,
    interval: 100,
  })
  const { code, ms, stdout } = await stop(served)
  expect([code, stdout.includes('offhook stops')]).toEqual([0, true])
  expect(ms).toBeLessThan(WITHIN_MS)
  await change
  // The server of the database does nothing more for it.
  await vi.waitFor(async () => expect(await countWaiting()).toBe(0), { timeout: 5_000, interval: 100 })
  expect(await state()).toEqual({ state: 'applying', attempts })
  for (const client of blockers.splice(0)) await client.end()
  const next = await serve()
  await vi.waitFor(async () => expect((await state()).state).toBe('applied'), { timeout: 30_000, interval: 100 })
  const { rows: users } = await database.query(`select count(*)::int as count from offhook.users`)
  expect(users).toEqual([{ count: 501 }])
  expect((await stop(next)).ms).toBeLessThan(WITHIN_MS)
}, 120_000)

test('one that has not come up yet, for the database lets it wait, ends soon too', async () => {
  await block('tenants')
  const served = await start()
  await vi.waitFor(async () => expect(await countWaiting()).toBeGreaterThan(0), { timeout: 20_000, interval: 100 })
  expect((await stop(served)).ms).toBeLessThan(WITHIN_MS)
}, 60_000)

test('one whose database does not answer any more ends soon too', async () => {
  const gate = await openTcpGate(database.asterisk.port)
  try {
    const served = await serve(database.url.replace(`:${database.asterisk.port}/`, `:${gate.port}/`))
    await connect(served.phones, `GET /${PHONE}.cfg HTTP/1.1\r\nHost: x\r\n\r\n`)
    gate.stall()
    expect((await stop(served)).ms).toBeLessThan(WITHIN_MS)
  } finally {
    await gate.close()
  }
}, 60_000)

test('one with nothing under way ends at once', async () => {
  const { code, ms } = await stop(await serve())
  expect(code).toBe(0)
  expect(ms).toBeLessThan(5_000)
}, 60_000)
