import pg from 'pg'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openLab, type Lab } from './lab.ts'

const WAITING_CALLS = 20
const WITHIN_MS = 8_000

let lab: Lab

beforeAll(async () => {
  lab = await openLab(async (rows) => {
    await rows.phone('1001-acme')
    await rows.phone('1002-acme')
    await rows.route('t-acme', '1001', 'offhook-user,s,1(1001-acme,20,)')
  })
})
afterEach(() => lab.closePhones())
afterAll(() => lab.close())

test('after the database was away, calls go through again within seconds', async () => {
  const caller = await lab.phone('1002-acme')
  const callee = await lab.phone('1001-acme')
  await lab.database.query('alter role offhook_asterisk nologin')
  await lab.database.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'offhook_asterisk'")
  // The caller is still known from a moment ago; whom it calls is not.
  expect((await (await caller.call('1001')).ended()).status).toBe(503)
  await lab.database.query('alter role offhook_asterisk login')
  const answering = callee.nextCall(WITHIN_MS).then((incoming) => incoming.answer())
  // The pool keeps dead connections until each was used once, so the first call may not find its callee.
  const deadlineMs = performance.now() + WITHIN_MS
  let call = await caller.call('1001')
  while (!(await call.answered().catch(() => false)) && performance.now() < deadlineMs) {
    await pause(500)
    call = await caller.call('1001')
  }
  await answering
  expect(call.state).toBe('answered')
  await call.hangUp()
}, 60_000)

test('while calls wait for a locked table, phones register as fast as ever; the calls end with 503', async () => {
  const caller = await lab.phone('1002-acme')
  const locker = new pg.Client({ connectionString: lab.database.url })
  locker.on('error', () => undefined)
  await locker.connect()
  await locker.query('begin')
  await locker.query('lock table asterisk.extensions in access exclusive mode')
  const calls = await Promise.all(Array.from({ length: WAITING_CALLS }, () => caller.call('1001')))
  await pause(300)
  const startedMs = performance.now()
  await lab.phone('1001-acme')
  expect(performance.now() - startedMs).toBeLessThan(500)
  const endings = await Promise.all(calls.map((call) => call.ended(15_000)))
  expect(new Set(endings.map(({ status }) => status))).toEqual(new Set([503]))
  await locker.query('rollback')
  await locker.end()
}, 60_000)
