import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { parseAmiUrl } from '../../src/asterisk/ami/address.ts'
import { AmiClient } from '../../src/asterisk/ami/client.ts'
import { createPool } from '../../src/db/pool.ts'
import { createTenant, type Tenant } from '../../src/db/tenants.ts'
import { drainOutbox } from '../../src/jobs/drain-outbox.ts'
import { startOutboxWorker } from '../../src/jobs/outbox-worker.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { openDesk } from '../people/open-desk.ts'
import { readSipPasswords } from '../people/sip-passwords.ts'
import { type RunningAsterisk, startAsterisk } from '../support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { SipPhone } from '../support/sip/phone.ts'

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let asterisk: RunningAsterisk
let owner: ReturnType<typeof createPool>
let watcher: AmiClient
/** Modules that Asterisk reloaded since the test began. */
let reloads: string[]
const closing: { close(): Promise<unknown> }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
  asterisk = await startAsterisk({ database: database.asterisk, realm: desk.installation.realm })
  watcher = await connect()
  closing.length = 0
  watcher.on('event', (event) => {
    if (event.get('event') === 'Reload') reloads.push(event.get('module') ?? '')
  })
  reloads = []
  await drainOutbox(owner, watcher)
})
beforeEach(() => {
  reloads = []
})
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close()
  await database.query('delete from offhook.outbox')
})
afterAll(async () => {
  await watcher.close()
  await asterisk.stop()
  await owner.end()
  await desk.pool.end()
  await database.close()
})

async function connect(): Promise<AmiClient> {
  const ami = new AmiClient(parseAmiUrl(asterisk.amiUrl))
  closing.push(ami)
  await ami.whenReady()
  return ami
}

async function startWorker(): Promise<void> {
  const ami = await connect()
  const silent = { info: () => undefined, warn: () => undefined }
  closing.push(startOutboxWorker({ url: database.url, pool: owner, ami, log: silent }))
}

function importOne(extension: string, tenant: Tenant = desk.acme) {
  const bytes = Buffer.from(`extension,last_name\n${extension},Abel\n`)
  return applyImport(desk, { tenant, source: 'x', actor: 'test', input: { kind: 'file', bytes }, options: {} })
}

async function open(): Promise<number> {
  return (await database.query('select from offhook.outbox where done_at is null')).rowCount!
}

/** Resolves when everything is sent. */
async function untilSent(withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while ((await open()) > 0) {
    if (performance.now() > deadline) throw new Error(`${await open()} entries are still open after ${withinMs} ms`)
    await sleep(20)
  }
}

async function addReloads(count: number, subject = 'res_pjsip.so'): Promise<void> {
  await database.query(
    `insert into offhook.outbox (tenant_id, kind, subject) select $1, 'reload', $2 from generate_series(1, $3)`,
    [desk.acme.id, subject, count],
  )
}

test('a hundred imports become one reload', async () => {
  await Promise.all(Array.from({ length: 100 }, (_, at) => importOne(String(2000 + at))))
  expect(await open()).toBeGreaterThanOrEqual(100)
  await startWorker()
  await untilSent()
  await sleep(200)
  expect(reloads).toEqual(['res_pjsip.so'])
}, 60_000)

test('what is written while a worker runs is sent without anybody asking, and unchanged files send nothing', async () => {
  await startWorker()
  await importOne('3001')
  await untilSent()
  expect(reloads).toEqual(['res_pjsip.so'])
  await importOne('3001')
  expect(await open()).toBe(0)
})

test('of two workers only one sends', async () => {
  await startWorker()
  await startWorker()
  await sleep(500)
  for (let round = 1; round <= 5; round++) {
    await addReloads(20)
    await untilSent()
    await sleep(100)
    expect(reloads).toHaveLength(round)
  }
})

test('what is written while Asterisk is away is sent when it is back', async () => {
  await startWorker()
  const back = asterisk.restart('SIGKILL')
  await sleep(50)
  await importOne('3002')
  expect(await open()).toBe(1)
  await back
  await untilSent()
  const { rows } = await database.query('select attempts from offhook.outbox where done_at is not null')
  expect(rows.length).toBeGreaterThan(0)
})

test('what Asterisk refuses stays, is tried again after a growing pause, and holds nothing else up', async () => {
  const ami = await connect()
  await addReloads(1, 'res_nowhere.so')
  await addReloads(1, 'res_pjsip_mwi.so')
  expect(await drainOutbox(owner, ami)).toEqual({ done: 1, failed: 1 })
  const pauses: number[] = []
  for (let attempt = 1; attempt <= 8; attempt++) {
    const { rows } = await database.query(
      `select attempts, last_error, round(extract(epoch from next_attempt_at - now()))::int as pause
       from offhook.outbox where done_at is null`,
    )
    expect(rows).toMatchObject([{ attempts: attempt, last_error: expect.stringMatching(/\w/) as string }])
    pauses.push((rows[0] as { pause: number }).pause)
    expect(await drainOutbox(owner, ami), 'nothing is due yet').toEqual({ done: 0, failed: 0 })
    await database.query('update offhook.outbox set next_attempt_at = now() where done_at is null')
    expect(await drainOutbox(owner, ami)).toEqual({ done: 0, failed: 1 })
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
})

test('a sender whose database goes away in the middle leaves the entry for the next one', async () => {
  const ami = await connect()
  await addReloads(1)
  const lost = createPool(database.url, 'owner')
  const draining = drainOutbox(lost, ami).catch((error: unknown) => error)
  while (!(await cutOff('idle in transaction'))) await sleep(1)
  expect(await draining).toMatchObject({ code: 'database-unreachable' })
  await lost.end()
  expect(await open()).toBe(1)
  expect(await drainOutbox(owner, ami)).toEqual({ done: 1, failed: 0 })
})

/** Ends one connection of an owner in this state: while it waits for Asterisk it is idle in its transaction. */
async function cutOff(state: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where state = $1 and query like '%for update skip locked%'`,
    [state],
  )
  return rowCount! > 0
}

test('the first phone of a new tenant registers at once, and is rung and watched without a restart', async () => {
  const pid = asterisk.pid()
  const tenant = await createTenant({ query: database.query } as never, 'newcomer', 'Newcomer')
  const bytes = Buffer.from('extension,last_name\n1001,Abel\n1002,Bell\n')
  await applyImport(desk, { tenant, source: 'x', actor: 'test', input: { kind: 'file', bytes }, options: {} })
  const passwords = await readSipPasswords(desk, tenant)
  const openPhone = async (number: string) => {
    const user = `${number}-newcomer`
    const where = { host: asterisk.host, port: asterisk.sipPort }
    const phone = await SipPhone.open({ ...where, user, password: passwords.get(user)! })
    await phone.register()
    return phone
  }
  // Nobody has told Asterisk anything yet.
  const [one, two] = [await openPhone('1001'), await openPhone('1002')]
  expect(reloads).toEqual([])
  await startWorker()
  await untilSent()
  const lamp = await one.watch('1002')
  const out = await one.call('1002')
  const call = await two.nextCall()
  expect(call.callerNumber).toBe('1001')
  await call.answer()
  await out.answered()
  await lamp.waitFor('confirmed')
  await out.hangUp()
  await one.close()
  await two.close()
  expect(asterisk.pid()).toBe(pid)
})
