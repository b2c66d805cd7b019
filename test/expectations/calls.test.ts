import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { SipPhone, type PhoneOptions } from '../support/sip/phone.ts'
import { type Office, openOffice } from './open-office.ts'
import { openTenant, type Tenant } from './open-tenant.ts'
import { until } from './until.ts'

const CARRIER = '127.0.0.7'

let office: Office
let tenant: Tenant
/** Account to password, as the credentials of the imports say. */
const passwords = new Map<string, string>()
const phones: SipPhone[] = []

beforeAll(async () => {
  office = await openOffice({ asterisk: true })
  tenant = await openTenant(office, 'acme')
  await bring('extension,first_name,last_name\n1001,Ada,Abel\n')
  await tenant.change('POST', '/trunks', { name: 'carrier', match: CARRIER })
})
afterEach(async () => {
  for (const phone of phones.splice(0)) {
    if (phone.registration.registered) await phone.unregister()
    await phone.close()
  }
})
afterAll(() => office.close())

/** Imports people, keeps their credentials, and waits until Asterisk was told. */
async function bring(text: string): Promise<void> {
  const { id } = await tenant.bring(text)
  const { text: credentials } = await tenant.ask('POST', `/imports/${id}/credentials.csv`)
  for (const line of credentials.split(/\r?\n/)) {
    const [account, password] = line.split(',').slice(-2)
    if (password) passwords.set(account!.slice(1, -1), password.slice(1, -1))
  }
  await until('Asterisk to be told', async () => {
    const { rowCount } = await office.database.query('select from offhook.outbox where done_at is null limit 1')
    return rowCount === 0
  })
}

async function open(user: string, options: Partial<PhoneOptions> = {}): Promise<SipPhone> {
  const { host, sipPort: port } = office.pbx!.asterisk
  const phone = await SipPhone.open({ host, port, user, password: passwords.get(user) ?? 'none', ...options })
  phones.push(phone)
  return phone
}

async function register(user: string, options: Partial<PhoneOptions> = {}): Promise<SipPhone> {
  const phone = await open(user, options)
  await phone.register()
  return phone
}

/** Calls and is heard both ways. */
async function talk(caller: SipPhone, number: string, callee: SipPhone): Promise<void> {
  const call = await caller.call(number, { tone: 440 })
  const incoming = await callee.nextCall()
  await incoming.answer({ tone: 800 })
  await Promise.all([call.waitForTone(800), incoming.waitForTone(440)])
  await call.hangUp()
}

const addressOf = (phone: SipPhone) => phone.contact.replace(/[;>].*$/, '')

test('#51 SIP WebRTC: a browser registers over a WebSocket with the account of the import, and rings', async () => {
  await bring('extension,last_name,sip_mode\n1011,Browser,webrtc\n')
  const browser = await register('1011.web-acme', { port: office.pbx!.asterisk.httpPort, transport: 'ws' })
  const offered = new Promise<string>((resolve) =>
    browser.trace((direction, text) => direction === 'in' && text.startsWith('INVITE') && resolve(text)),
  )
  const call = await (await register('1001-acme')).call('1011')
  expect(await offered).toContain('UDP/TLS/RTP/SAVPF')
  await call.hangUp()
})

test('#52 SIP classic PBX: the device at the other PBX rings, by its column or by that of the extension', async () => {
  const [desk, hall] = [await open('4711', { localHost: '127.0.0.9' }), await open('1022', { localHost: '127.0.0.9' })]
  const domainOf = (phone: SipPhone) => addressOf(phone).replace(/^sip:\d+@/, '')
  await bring(
    'extension,last_name,sip_mode,pbx_domain,pbx_device\n' +
      `1021,Desk,pbx,${domainOf(desk)},4711\n1022,Hall,pbx,${domainOf(hall)},\n`,
  )
  const caller = await register('1001-acme')
  await talk(caller, '1021', desk)
  await talk(caller, '1022', hall)
})

test('#53 SIP custom URI: the extension rings the device at the domain that the row names', async () => {
  const door = await open('door', { localHost: '127.0.0.9' })
  await bring(`extension,last_name,sip_mode,sip_uri\n1031,Door,uri,${addressOf(door)}\n`)
  await talk(await register('1001-acme'), '1031', door)
})

test('#54 SIP built-in PBX: nothing more is needed to register and to be called', async () => {
  await bring('extension,last_name,sip_mode\n1041,Built,builtin\n1042,Usual,\n')
  const caller = await register('1001-acme')
  for (const number of ['1041', '1042']) await talk(caller, number, await register(`${number}-acme`))
})

test('#92 call script: who is new rings as long as the defaults say, and then the mailbox answers', async () => {
  await tenant.set({ ring_seconds: '5' })
  await bring('extension,last_name\n1051,Away\n')
  const [caller, away] = [await register('1001-acme'), await register('1051-acme')]
  away.onCall = (incoming) => void incoming.ring()
  const beganAtMs = performance.now()
  const call = await caller.call('1051')
  await call.answered()
  const rangMs = performance.now() - beganAtMs
  expect(rangMs).toBeGreaterThan(4_500)
  expect(rangMs).toBeLessThan(15_000)
  await call.hangUp()
})

test('#94 endpoints: accounts have user name, caller id, password and mailbox of the row', async () => {
  await bring('extension,first_name,last_name,caller_id\n1061,Eve,Ernst,1060\n1062,Fay,Falk,\n')
  const [eve, fay] = [await register('1061-acme'), await register('1062-acme')]
  const call = await eve.call('1062')
  const incoming = await fay.nextCall()
  expect([incoming.caller.displayName, incoming.callerNumber]).toEqual(['Eve Ernst', '1060'])
  await call.hangUp()
  await fay.waitForMessages(0)
  const stranger = await open('1061-acme', { password: passwords.get('1062-acme')! })
  await expect(stranger.register()).rejects.toMatchObject({ status: 401 })
})

test('#96 inbound route: a call from outside to the public number of a row rings its person', async () => {
  await bring('extension,last_name,did\n1071,Gold,+493012345301\n1072,Hahn,\n')
  const [gold, carrier] = [await register('1071-acme'), await open('+4915112345678', { localHost: CARRIER })]
  await talk(carrier, '+493012345301', gold)
  expect((await (await carrier.call('1072')).ended()).status).toBe(404)
})
