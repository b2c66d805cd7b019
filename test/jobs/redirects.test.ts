import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { redirectAddresses } from '../../src/boot/redirect-address.ts'
import { readFigures } from '../../src/db/figures.ts'
import { createPool } from '../../src/db/pool.ts'
import { claimRedirects } from '../../src/db/redirect-queue.ts'
import type { Tenant } from '../../src/db/tenants.ts'
import { drainRedirects } from '../../src/jobs/drain-redirects.ts'
import { inspectRedirects } from '../../src/jobs/inspect-redirects.ts'
import { openAddresses } from '../../src/jobs/open-addresses.ts'
import { openConnectors, openWire } from '../../src/jobs/open-connectors.ts'
import type { RedirectOffice } from '../../src/jobs/place-redirects.ts'
import { startRedirectWorker } from '../../src/jobs/redirect-worker.ts'
import { findDevice } from '../../src/people/find-device.ts'
import { addFreePhone } from '../../src/people/phones/add-phone.ts'
import { removePhone } from '../../src/people/phones/remove-phone.ts'
import { swapPhone } from '../../src/people/phones/swap-phone.ts'
import { addAccount, changeAccount, listAccounts, removeAccount } from '../../src/people/redirects/accounts.ts'
import { listRedirected, recheckRedirects, sendRedirects } from '../../src/people/redirects/devices.ts'
import { rotateDevice } from '../../src/people/rotate-device.ts'
import { importCsv } from '../people/import-csv.ts'
import { openTestDesk } from '../people/open-test-desk.ts'
import { openFakeGdms } from '../redirect/fakes/gdms.ts'
import { openFakeYmcs } from '../redirect/fakes/yealink-ymcs.ts'
import { OPEN } from '../redirect/open-connector.ts'

const PHONES_URL = 'https://phones.example.org'
const BASE = `${PHONES_URL}/`
const TOKEN = /^https:\/\/phones\.example\.org\/[\w-]{22}\/$/

const { database, desk } = await openTestDesk()
const { acme, zeta } = desk
const owner = createPool(database.url, 'owner')
const families = await loadFamilies()
let fake: Awaited<ReturnType<typeof openFakeYmcs>>

beforeEach(async () => {
  fake = await openFakeYmcs({ macOnly: true })
})
afterEach(async () => {
  await fake.close()
  for (const table of ['redirect_accounts', 'device_serials', 'lines', 'devices'])
    await database.query(`delete from offhook.${table}`)
  expect(fake.faults).toEqual([])
})
afterAll(() => owner.end())

function openOffice(phonesUrl = PHONES_URL): RedirectOffice {
  const quick = { timeoutMs: 500, pausesMs: [5], paceMs: 0 }
  const connect = openConnectors(desk.vault, openWire(openAddresses(['127.0.0.0/8']), quick))
  return { pool: owner, vault: desk.vault, addresses: redirectAddresses(families, phonesUrl), connect }
}
const office = openOffice()

async function openAccount(tenant: Tenant = acme, address: 'base' | 'token' = 'base'): Promise<number> {
  const draft = { service: 'yealink-ymcs', login: fake.login, options: fake.options, address }
  return (await addAccount(desk, tenant, draft, 'test')).account.id
}
const add = (n: number, tenant = acme) => addFreePhone(desk, tenant, { mac: fake.phone(n).mac, model: 'T46U' }, 'test')
const drain = (id: number) => drainRedirects(office, id, OPEN)
const list = (id: number, tenant = acme) => listRedirected(desk, tenant, id, { limit: 100 })
const makeDue = () => database.query('update offhook.redirect_devices set next_attempt_at = now()')
const wake = () => database.query('update offhook.redirect_accounts set paused_until = null')

test('phones that are added, by an import or one by one, are registered, and forgotten when they go', async () => {
  const id = await openAccount()
  await importCsv(desk, acme, `extension,last_name,mac,model\n1001,Abel,${fake.phone(1).mac},T46U\n1002,Bell,,\n`)
  await add(2)
  await addFreePhone(desk, acme, { mac: '000b82000001', model: 'GRP2614' }, 'test')
  expect(await list(id)).toMatchObject([1, 2].map((n) => ({ mac: fake.phone(n).mac, state: 'wanted', present: true })))
  expect(await drain(id)).toEqual({ confirmed: 2, forgotten: 0, open: 0, altered: [], failure: null })
  expect(await list(id)).toMatchObject(
    [1, 2].map((n) => ({ mac: fake.phone(n).mac, state: 'confirmed', reason: null })),
  )
  expect([fake.held(fake.phone(1).mac), fake.held(fake.phone(2).mac)]).toEqual([BASE, BASE])
  await removePhone(desk, acme, { mac: fake.phone(2).mac, keep: false }, 'test')
  expect(await drain(id)).toMatchObject({ forgotten: 1 })
  expect(fake.held(fake.phone(2).mac)).toBeUndefined()
  expect(await list(id)).toHaveLength(1)
})

test('a swap moves the registration to the new phone, whether it was in stock or not', async () => {
  const id = await openAccount()
  await add(1)
  await drain(id)
  await swapPhone(desk, acme, { mac: fake.phone(1).mac, by: fake.phone(2).mac }, 'test')
  await drain(id)
  expect([fake.held(fake.phone(1).mac), fake.held(fake.phone(2).mac)]).toEqual([undefined, BASE])
  await add(3)
  await drain(id)
  await swapPhone(desk, acme, { mac: fake.phone(2).mac, by: fake.phone(3).mac }, 'test')
  await drain(id)
  expect([fake.held(fake.phone(2).mac), fake.held(fake.phone(3).mac)]).toEqual([undefined, BASE])
  expect(await list(id)).toMatchObject([{ mac: fake.phone(3).mac, state: 'confirmed' }])
})

test('what never reached the service is not taken from it, and nothing is queued without an account', async () => {
  await add(1)
  const id = await openAccount()
  expect(await list(id)).toEqual([])
  await add(2)
  await removePhone(desk, acme, { mac: fake.phone(2).mac, keep: false }, 'test')
  expect(await list(id)).toEqual([])
  expect(await sendRedirects(desk, acme, id, {}, 'test')).toBe(1)
  await drain(id)
  expect(fake.held(fake.phone(1).mac)).toBe(BASE)
  expect(fake.calls.filter((call) => call.includes('delDevices'))).toEqual([])
})

test('a refused phone says why and what helps, waits where only a person can help, and holds up no other', async () => {
  const id = await openAccount()
  for (const mac of [fake.foreign.mac, fake.alien.mac]) await addFreePhone(desk, acme, { mac, model: 'T46U' }, 'test')
  await add(1)
  expect(await drain(id)).toMatchObject({ confirmed: 1, open: 2, failure: null })
  const [, foreign, alien] = await list(id)
  expect(foreign).toMatchObject({ state: 'failed', cure: expect.stringMatching(/former owner/) as string })
  expect(foreign!.next_attempt_at!.getTime()).toBeGreaterThan(Date.now() + 20 * 3_600_000)
  expect(alien).toMatchObject({
    state: 'failed',
    next_attempt_at: null,
    reason: expect.stringMatching(/MAC/) as string,
  })
  fake.foreign.mac = fake.phone(77).mac // its owner gave it up
  await sendRedirects(desk, acme, id, { macs: [foreign!.mac] }, 'test')
  expect(await drain(id)).toMatchObject({ confirmed: 1, open: 0 })
})

test('a service that is away leaves everything due, and the account is left alone longer and longer', async () => {
  const id = await openAccount()
  await add(1)
  const pauses: number[] = []
  for (let round = 0; round < 4; round++) {
    fake.trouble({ status: 500 }, { status: 500 })
    expect(await drain(id)).toMatchObject({ confirmed: 0, failure: expect.stringMatching(/fails \(500\)/) as string })
    const { rows } = await database.query(
      'select extract(epoch from paused_until - now())::float8 as pause, note from offhook.redirect_accounts',
    )
    pauses.push((rows[0] as { pause: number }).pause)
    expect(await drain(id)).toMatchObject({ confirmed: 0, failure: null })
    await wake()
  }
  expect(pauses.map((pause) => Math.round(pause))).toEqual([30, 60, 120, 240])
  expect(await list(id)).toMatchObject([{ state: 'wanted', attempts: 0 }])
  expect(await drain(id)).toMatchObject({ confirmed: 1 })
  expect(await listAccounts(desk, acme)).toMatchObject([{ note: null, devices: { confirmed: 1 } }])
})

test('a service that asks for an hour gets it', async () => {
  const id = await openAccount()
  await add(1)
  fake.trouble({ status: 429, headers: { 'retry-after': '3600' } })
  await drain(id)
  const [account] = await listAccounts(desk, acme)
  expect(account!.paused_until!.getTime()).toBeGreaterThan(Date.now() + 3_500_000)
})

test('wrong secrets are told once, not tried in a hurry, and new ones are tried at once', async () => {
  const id = await openAccount()
  const login = { ...fake.login, 'access-key-secret': 'wrong' }
  await changeAccount(desk, acme, id, { login }, 'test')
  await add(1)
  expect(await drain(id)).toMatchObject({ failure: expect.stringMatching(/access-key-secret/) as string })
  expect(await drain(id)).toMatchObject({ failure: null })
  await changeAccount(desk, acme, id, { login: fake.login }, 'test')
  expect(await drain(id)).toMatchObject({ confirmed: 1, failure: null })
})

test('what the service was made to hold by somebody else is seen at the daily look, told, and put right', async () => {
  const id = await openAccount()
  for (const n of [1, 2, 3]) await add(n)
  await drain(id)
  const [first] = await list(id)
  const dayMs = first!.next_attempt_at!.getTime() - Date.now()
  expect(dayMs).toBeGreaterThan(20 * 3_600_000)
  expect(dayMs).toBeLessThanOrEqual(24 * 3_600_000)
  fake.alter(fake.phone(1).mac, 'https://evil.example.org/AAAAAAAAAAAAAAAAAAAAAA/')
  fake.alter(fake.phone(2).mac, null)
  expect(await inspectRedirects(office, id, OPEN)).toMatchObject({
    ...{ right: 1, missing: [fake.phone(2).mac] },
    elsewhere: [{ mac: fake.phone(1).mac, held: 'https://evil.example.org/***/' }],
  })
  await makeDue()
  const drained = await drain(id)
  expect(drained.altered).toEqual([fake.phone(1).mac, fake.phone(2).mac])
  expect([1, 2, 3].map((n) => fake.held(fake.phone(n).mac))).toEqual([BASE, BASE, BASE])
  expect(await list(id)).toMatchObject([
    { state: 'confirmed', altered_to: 'https://evil.example.org/***/', altered_at: expect.any(Date) as Date },
    { state: 'confirmed', altered_to: 'nothing' },
    { state: 'confirmed', altered_to: null },
  ])
  expect(await readFigures(owner, 2_000)).toContainEqual({ name: 'redirects_altered', label: '', value: 2 })
  // Whoever has seen it says so by sending the phone anew.
  await sendRedirects(desk, acme, id, { macs: [fake.phone(1).mac, fake.phone(2).mac] }, 'test')
  await drain(id)
  expect(await readFigures(owner, 2_000)).toContainEqual({ name: 'redirects_altered', label: '', value: 0 })
})

test('the worker raises the alarm within one cycle, by MAC address and without an address', async () => {
  const id = await openAccount()
  await add(1)
  const told: object[] = []
  const log = { info: () => undefined, warn: (what: object) => void told.push(what) }
  const worker = startRedirectWorker({ url: database.url, office, log })
  try {
    await vi.waitFor(async () => expect(await list(id)).toMatchObject([{ state: 'confirmed' }]), { timeout: 10_000 })
    fake.alter(fake.phone(1).mac, 'https://evil.example.org/')
    await recheckRedirects(desk, acme, id, 'test')
    await vi.waitFor(() => expect(told).toContainEqual({ account: id, phones: [fake.phone(1).mac] }), {
      timeout: 10_000,
    })
    await vi.waitFor(() => expect(fake.held(fake.phone(1).mac)).toBe(BASE), { timeout: 10_000 })
    expect(JSON.stringify(told)).not.toContain('evil')
  } finally {
    await worker.close()
  }
})

test('with a token a phone is sent to its own address until it has come; then the token is taken back', async () => {
  const id = await openAccount(acme, 'token')
  await add(1)
  await drain(id)
  const held = fake.held(fake.phone(1).mac)
  expect(held).toMatch(TOKEN)
  await rotateDevice(desk, acme, await findDevice(desk, acme, fake.phone(1).mac), 'test')
  await drain(id)
  expect(fake.held(fake.phone(1).mac)).toMatch(TOKEN)
  expect(fake.held(fake.phone(1).mac)).not.toBe(held)
  const { rows } = await database.query('select row_to_json(r)::text as row from offhook.redirect_devices r')
  expect(JSON.stringify(rows)).not.toContain(held!.slice(-23, -1))
  await database.query('update offhook.devices set sealed_at = now()')
  await makeDue()
  expect(await drain(id)).toMatchObject({ altered: [] })
  expect(fake.held(fake.phone(1).mac)).toBe(BASE)
})

test('a token is never handed to a service that must not hold one, nor sent over plain HTTP', async () => {
  const id = await openAccount(acme, 'token')
  await add(1)
  await drainRedirects(openOffice('http://phones.example.org'), id, OPEN)
  expect(fake.held(fake.phone(1).mac)).toBe('http://phones.example.org/')
  const gdms = await openFakeGdms()
  const draft = { service: 'grandstream-gdms', login: gdms.login, options: gdms.options, address: 'token' as const }
  await expect(addAccount(desk, acme, draft, 'test')).rejects.toThrow('address=base')
  await gdms.close()
})

test('a new address of this server reaches every phone, without an alarm', async () => {
  const id = await openAccount()
  await add(1)
  await drain(id)
  await makeDue()
  const moved = openOffice('https://new.example.org')
  expect(await drainRedirects(moved, id, OPEN)).toMatchObject({ confirmed: 1, altered: [] })
  expect(fake.held(fake.phone(1).mac)).toBe('https://new.example.org/')
})

test('serial numbers may come before the phones, and are used', async () => {
  await fake.close()
  fake = await openFakeYmcs()
  const id = await openAccount()
  await add(1)
  await drain(id)
  expect(await list(id)).toMatchObject([
    { state: 'failed', next_attempt_at: null, cure: expect.stringMatching(/--serial/) as string },
  ])
  const serials = [1, 2].map((n) => ({ mac: fake.phone(n).mac.toUpperCase(), serial: fake.phone(n).serial }))
  expect(await sendRedirects(desk, acme, id, { serials }, 'test')).toBe(1)
  await add(2)
  expect(await drain(id)).toMatchObject({ confirmed: 2 })
  expect(await list(id)).toMatchObject(serials.map(({ serial }) => ({ serial })))
})

test('a tenant that gives a phone to another with the same account at the maker does not take it from it', async () => {
  const [mine, theirs] = [await openAccount(acme), await openAccount(zeta)]
  await add(1)
  await drain(mine)
  await removePhone(desk, acme, { mac: fake.phone(1).mac, keep: false }, 'test')
  await add(1, zeta)
  await drain(theirs)
  expect(await drain(mine)).toMatchObject({ forgotten: 1 })
  expect(fake.held(fake.phone(1).mac)).toBe(BASE)
  expect(await list(mine)).toEqual([])
})

test('what is asked for while a call is under way is not overwritten by its outcome', async () => {
  const id = await openAccount()
  await add(1)
  const connector = { connect: office.connect }
  const slow: RedirectOffice = {
    ...office,
    connect(account) {
      const inner = connector.connect(account)
      return {
        ...inner,
        async find(placements, signal) {
          await removePhone(desk, acme, { mac: fake.phone(1).mac, keep: false }, 'test')
          return inner.find(placements, signal)
        },
      }
    },
  }
  await drainRedirects(slow, id, OPEN)
  await drain(id)
  expect(fake.held(fake.phone(1).mac)).toBeUndefined()
  expect(await list(id)).toEqual([])
})

test('who takes phones up takes none that another has in hand, and does not wait', async () => {
  const id = await openAccount()
  for (const n of [1, 2]) await add(n)
  const other = await owner.connect()
  await other.query('begin')
  const taken = await claimRedirects(other, id, { limit: 1, leaseS: 60 })
  const rest = await claimRedirects(owner, id, { limit: 10, leaseS: 60 })
  expect([...taken, ...rest].map(({ mac }) => mac).sort()).toEqual([1, 2].map((n) => fake.phone(n).mac))
  expect(rest).toHaveLength(1)
  await other.query('commit')
  other.release()
  expect(await claimRedirects(owner, id, { limit: 10, leaseS: 60 })).toEqual([])
})

test('two processes at once register each phone once', async () => {
  const id = await openAccount()
  for (let n = 1; n <= 30; n++) await add(n)
  fake.calls.length = 0
  const drained = await Promise.all([drain(id), drain(id), drain(id)])
  expect(drained.reduce((sum, { confirmed }) => sum + confirmed, 0)).toBe(30)
  expect(fake.calls.filter((call) => call.includes('PATCH'))).toEqual([])
})

test('an account that is removed takes its phones along, or leaves them when told to', async () => {
  const id = await openAccount()
  for (const n of [1, 2]) await add(n)
  await drain(id)
  expect(await removeAccount(desk, acme, { accountId: id, keep: false }, 'test')).toBe(2)
  await add(3)
  await expect(sendRedirects(desk, acme, id, {}, 'test')).rejects.toThrow('being removed')
  expect(await drain(id)).toMatchObject({ forgotten: 2 })
  expect([1, 2, 3].map((n) => fake.held(fake.phone(n).mac))).toEqual([undefined, undefined, undefined])
  expect(await listAccounts(desk, acme)).toEqual([])
  const kept = await openAccount()
  await sendRedirects(desk, acme, kept, {}, 'test')
  await drain(kept)
  expect(await removeAccount(desk, acme, { accountId: kept, keep: true }, 'test')).toBe(0)
  expect(await listAccounts(desk, acme)).toEqual([])
  expect(fake.held(fake.phone(1).mac)).toBe(BASE)
})

test('one account of a maker; no other tenant sees it; secrets are sealed and in no history', async () => {
  const id = await openAccount()
  await expect(openAccount()).rejects.toMatchObject({ code: 'already-there' })
  await expect(list(id, zeta)).rejects.toMatchObject({ code: 'redirect-unknown' })
  await expect(sendRedirects(desk, zeta, id, {}, 'test')).rejects.toMatchObject({ code: 'redirect-unknown' })
  await expect(sendRedirects(desk, acme, id, { macs: ['000b82000001'] }, 'test')).rejects.toMatchObject({
    code: 'device-unknown',
  })
  const { rows } = await database.query(
    `select row_to_json(a)::text as row from offhook.redirect_accounts a union all select row_to_json(h)::text from offhook.audit h`,
  )
  expect(JSON.stringify(rows)).not.toContain(fake.login['access-key-secret'])
  const stored = await database.query('select login from offhook.redirect_accounts')
  expect((stored.rows[0] as { login: Buffer }).login.toString('latin1')).not.toContain('sk/With')
})

test('whoever dies with phones in hand leaves them to others', async () => {
  const id = await openAccount()
  await add(1)
  const closing = new AbortController()
  fake.trouble('silence')
  setTimeout(() => closing.abort(new Error('closing')), 100)
  expect(await drainRedirects(office, id, closing.signal)).toMatchObject({ confirmed: 0, failure: null })
  expect(await drain(id)).toMatchObject({ confirmed: 1 })
})
