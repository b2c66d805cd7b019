import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createPool, inTransaction } from '../../src/db/pool.ts'
import { eraseOldDeliveries } from '../../src/db/webhook-queue.ts'
import { queueEvents } from '../../src/db/webhook-events.ts'
import { drainWebhook } from '../../src/jobs/drain-webhook.ts'
import { openAddresses } from '../../src/jobs/open-addresses.ts'
import { startWebhookWorker } from '../../src/jobs/webhook-worker.ts'
import type { Secret } from '../../src/model/secret.ts'
import type { EventType } from '../../src/model/webhook-event.ts'
import { listDeliveries, replayDeliveries } from '../../src/people/webhooks/deliveries.ts'
import { addWebhook, changeWebhook, listWebhooks, rotateWebhook } from '../../src/people/webhooks/webhooks.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openReceiver, type Receiver } from '../support/receiver.ts'

const LOOPBACK = ['127.0.0.0/8', '::1']
const OPEN = new AbortController().signal

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let receiver: Receiver
const closing: { close(): unknown }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
})
beforeEach(async () => {
  receiver = await openReceiver()
})
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close()
  await receiver.close()
  await database.query('delete from offhook.webhooks')
})
afterAll(async () => {
  await owner.end()
  await desk.pool.end()
  await database.close()
})

function office(allowed = LOOPBACK) {
  return { pool: owner, vault: desk.vault, isOpen: openAddresses(allowed) }
}

function startWorker(allowed = LOOPBACK) {
  const log = { info: () => undefined, warn: () => undefined }
  const worker = startWebhookWorker({ url: database.url, office: office(allowed), log })
  closing.push(worker)
  return worker
}

async function add(url = receiver.url, events: readonly EventType[] = ['user.created']) {
  const { secret, webhook } = await addWebhook(desk, desk.acme, { url, events }, 'test')
  return { secret, id: webhook.id }
}

async function tell(count = 1, tenant = desk.acme) {
  const events = Array.from({ length: count }, (_, at) => ({
    type: 'user.created' as const,
    data: { user: { id: at } },
  }))
  await inTransaction(desk.pool, tenant.id, (client) => queueEvents(client, tenant.id, events))
}

const log = (id: number) => listDeliveries(desk, desk.acme, id, { limit: 100 })
const states = async (id: number) => (await log(id)).map(({ state }) => state)
const verify = (secret: Secret, { body, headers }: Receiver['received'][number]) =>
  new Webhook(secret.reveal()).verify(body, headers as Record<string, string>)
const makeDue = () => database.query('update offhook.webhook_deliveries set next_attempt_at = now()')

test('an event arrives soon, signed so that the reference library of Standard Webhooks takes it, and is noted', async () => {
  startWorker()
  const { secret, id } = await add()
  await tell()
  await vi.waitFor(async () => expect(await states(id)).toEqual(['sent']), 5_000)
  const [got] = receiver.received
  expect(verify(secret, got!)).toMatchObject({
    type: 'user.created',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    data: { user: { id: 0 } },
  })
  expect(got!.headers).toMatchObject({ 'content-type': 'application/json' })
  expect(got!.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/)
  expect(got!.path).toBe('/hook?k=1')
  const [delivery] = await log(id)
  expect(delivery).toMatchObject({ attempts: 1, last_status: 204, last_error: null, type: 'user.created' })
  expect(() => verify(secret, { ...got!, body: got!.body.replace('0', '1') })).toThrow()
})

test('after a rotation both secrets verify for a day, then the new one alone', async () => {
  const { secret: old, id } = await add()
  const { secret } = await rotateWebhook(desk, desk.acme, id, 'test')
  await tell()
  await drainWebhook(office(), id, OPEN)
  for (const each of [old, secret]) expect(() => verify(each, receiver.received[0]!)).not.toThrow()
  await database.query(`update offhook.webhooks set previous_until = now() - interval '1 second'`)
  await tell()
  await drainWebhook(office(), id, OPEN)
  expect(() => verify(secret, receiver.received[1]!)).not.toThrow()
  expect(() => verify(old, receiver.received[1]!)).toThrow()
})

test('whatever is not 2xx is tried again under the same id, later and later, and given up after ten attempts', async () => {
  receiver.reply((_request, response) => void response.writeHead(500).end('no'))
  const { id } = await add()
  await tell()
  const pauses: number[] = []
  for (let attempt = 1; attempt <= 10; attempt++) {
    await drainWebhook(office(), id, OPEN)
    const { rows } = await database.query(
      'select extract(epoch from next_attempt_at - now())::float8 as pause from offhook.webhook_deliveries',
    )
    pauses.push((rows[0] as { pause: number }).pause)
    await makeDue()
  }
  const schedule = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
  for (const [at, usual] of schedule.entries()) {
    expect(pauses[at]).toBeGreaterThan(usual - 3)
    expect(pauses[at]).toBeLessThan(usual * 1.1 + 1)
  }
  const refused = { state: 'failed', attempts: 10, last_status: 500, last_error: 'The receiver answered 500.' }
  expect(await log(id)).toMatchObject([refused])
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(receiver.received).toHaveLength(10)
})

test('a receiver that says when to come back is not asked earlier', async () => {
  receiver.reply((_request, response) => void response.writeHead(429, { 'retry-after': '3000' }).end())
  const { id } = await add()
  await tell()
  await drainWebhook(office(), id, OPEN)
  const [delivery] = await log(id)
  expect(delivery!.next_attempt_at.getTime() - Date.now()).toBeGreaterThan(2_900_000)
})

test('410 switches a webhook off, with a note, until somebody switches it on', async () => {
  receiver.reply((_request, response) => void response.writeHead(410).end())
  const { id } = await add()
  await tell()
  await drainWebhook(office(), id, OPEN)
  expect(await listWebhooks(desk, desk.acme)).toMatchObject([
    { enabled: false, note: expect.stringMatching(/410/) as string },
  ])
  await tell()
  expect(await states(id)).toEqual(['failed'])
  await changeWebhook(desk, desk.acme, id, { enabled: true }, 'test')
  expect(await listWebhooks(desk, desk.acme)).toMatchObject([{ enabled: true, note: null }])
})

test('a redirect is not followed, wherever it leads', async () => {
  const inside = await openReceiver()
  closing.push(inside)
  receiver.reply((_request, response) => void response.writeHead(307, { location: inside.url }).end())
  const { id } = await add()
  await tell()
  await drainWebhook(office(), id, OPEN)
  expect(inside.received).toEqual([])
  expect(await log(id)).toMatchObject([{ state: 'queued', last_status: 307 }])
})

test.each(['http://127.0.0.1', 'http://localhost', 'http://[::1]', 'http://[::ffff:127.0.0.1]', 'http://0x7f.1'])(
  'nothing is sent to %s unless its network is allowed',
  async (origin) => {
    const url = `${origin}:${receiver.port}/`
    const { id } = await add(url)
    await tell()
    await drainWebhook(office([]), id, OPEN)
    const [delivery] = await log(id)
    expect(delivery).toMatchObject({ state: 'queued', last_status: null })
    expect(delivery!.last_error).toMatch(/not public.*OFFHOOK_WEBHOOKS_ALLOW/)
    expect(receiver.received).toEqual([])
    if (origin.includes('::1')) return
    await makeDue()
    await drainWebhook(office(), id, OPEN)
    expect(await states(id)).toEqual(['sent'])
  },
)

test('an endless answer and one that never ends do not hold a delivery up', async () => {
  receiver.reply((_request, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
    response.on('close', () => clearInterval(timer))
  })
  const { id } = await add()
  await tell()
  await drainWebhook(office(), id, OPEN)
  expect(await states(id)).toEqual(['sent'])
})

test('a slow receiver holds up nobody but itself', async () => {
  const slow = await openReceiver()
  closing.push(slow)
  slow.reply(() => undefined)
  const { id: slowId } = await add(slow.url)
  const { id } = await add()
  startWorker()
  await tell()
  await vi.waitFor(async () => expect(await states(id)).toEqual(['sent']), 5_000)
  await tell()
  await vi.waitFor(async () => expect(await states(id)).toEqual(['sent', 'sent']), 5_000)
  expect(await states(slowId)).toEqual(['queued', 'queued'])
})

test('a worker that is stopped gives back what it has in hand', async () => {
  receiver.reply(() => undefined)
  const { id } = await add()
  const worker = startWorker()
  await tell()
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1), 5_000)
  await worker.close()
  const [delivery] = await log(id)
  expect(delivery).toMatchObject({ state: 'queued', attempts: 0 })
  expect(delivery!.next_attempt_at.getTime()).toBeLessThan(Date.now() + 1_000)
})

test('two workers and many events: each arrives once', async () => {
  const { id } = await add()
  startWorker()
  startWorker()
  await tell(60)
  await vi.waitFor(async () => expect(new Set(await states(id))).toEqual(new Set(['sent'])), 10_000)
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(ids).toHaveLength(60)
  expect(new Set(ids).size).toBe(60)
})

test('one delivery, or all that failed, can be sent again under the same id', async () => {
  const { id } = await add()
  await tell(3)
  await drainWebhook(office(), id, OPEN)
  const [first] = await log(id)
  expect(await replayDeliveries(desk, desk.acme, id, { delivery: first!.id }, 'test')).toBe(1)
  await drainWebhook(office(), id, OPEN)
  expect(receiver.received.filter(({ headers }) => headers['webhook-id'] === first!.event_id)).toHaveLength(2)
  await database.query(`update offhook.webhook_deliveries set state = 'failed' where id <> $1`, [first!.id])
  expect(await replayDeliveries(desk, desk.acme, id, { failed: true }, 'test')).toBe(2)
  await drainWebhook(office(), id, OPEN)
  expect(receiver.received).toHaveLength(6)
  await expect(replayDeliveries(desk, desk.acme, id, { delivery: 1 }, 'test')).rejects.toThrow(/no delivery 1/)
  await expect(replayDeliveries(desk, desk.zeta, id, { failed: true }, 'test')).rejects.toThrow(/no webhook/)
})

test('what is settled is erased in time, what waits is not', async () => {
  const { id } = await add()
  await tell(2)
  await database.query(
    `update offhook.webhook_deliveries set state = 'sent', sent_at = now() - interval '31 days'
     where id = (select min(id) from offhook.webhook_deliveries)`,
  )
  expect(await eraseOldDeliveries(owner, 30)).toBe(1)
  expect(await states(id)).toEqual(['queued'])
})

test('what waits for a webhook that is off is erased in time; what is left is sent once it is on again', async () => {
  const { id } = await add()
  await tell(3)
  await changeWebhook(desk, desk.acme, id, { enabled: false }, 'test')
  await tell(1)
  const age = (days: number) =>
    database.query(
      `update offhook.webhook_deliveries set created_at = now() - make_interval(days => $1)
       where id = (select min(id) from offhook.webhook_deliveries)`,
      [days],
    )
  await age(29)
  expect(await eraseOldDeliveries(owner, 30)).toBe(0)
  await age(31)
  expect(await eraseOldDeliveries(owner, 30)).toBe(1)
  await drainWebhook(office(), id, OPEN)
  expect(receiver.received).toHaveLength(0)
  await changeWebhook(desk, desk.acme, id, { enabled: true }, 'test')
  await drainWebhook(office(), id, OPEN)
  expect(receiver.received).toHaveLength(2)
})
