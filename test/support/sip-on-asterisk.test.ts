import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, Rows } from '../asterisk-conf/rows.ts'
import { startAsterisk, type RunningAsterisk } from './asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { countRuns } from './runs.ts'
import { SipPhone, type PhoneOptions } from './sip/phone.ts'
import { Swarm } from './sip/swarm.ts'

const NOTIFY_PASSWORD = 'resync-password'
const SWARM_SIZE = countRuns(300, 3_000)

let database: TestDatabase
let asterisk: RunningAsterisk
const phones: SipPhone[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  const rows = new Rows(database)
  for (const number of ['1001', '1002', '1003']) {
    await rows.mailbox(`${number}@acme`, '4711')
    await rows.phone(`${number}-acme`, { mailbox: `${number}@acme` })
    await rows.route('t-acme', number, `offhook-user,s,1(${number}-acme,20,${number}@acme)`)
  }
  await rows.insert('ps_auths', {
    id: 'resync',
    auth_type: 'userpass',
    username: 'admin',
    password: NOTIFY_PASSWORD,
  })
  await database.query(`update asterisk.ps_endpoints set outbound_auth = 'resync' where id = '1003-acme'`)
  await database.query(`update asterisk.ps_endpoints set direct_media = 'yes'`)
  asterisk = await startAsterisk({ database: database.asterisk, tenants: ['acme'] })
})

afterEach(async () => {
  for (const phone of phones.splice(0)) {
    if (phone.registration.registered) await phone.unregister()
    await phone.close()
  }
})

afterAll(async () => {
  await asterisk.stop()
  await database.close()
})

async function open(number: string, options: Partial<PhoneOptions> = {}): Promise<SipPhone> {
  const account = { user: `${number}-acme`, password: PASSWORD }
  const phone = await SipPhone.open({ host: asterisk.host, port: asterisk.sipPort, ...account, ...options })
  phones.push(phone)
  return phone
}

async function openRegistered(number: string, options: Partial<PhoneOptions> = {}): Promise<SipPhone> {
  const phone = await open(number, options)
  await phone.register()
  return phone
}

describe('a phone of ours on a real Asterisk', () => {
  test('is refused with a wrong password and says so', async () => {
    const phone = await open('1001', { password: 'wrong' })
    await expect(phone.register()).rejects.toMatchObject({ status: 401, method: 'REGISTER' })
    expect(phone.registration.registered).toBe(false)
  })

  test.each(['SHA-256', 'MD5'] as const)('registers with %s, and goes again', async (algorithm) => {
    const phone = await openRegistered('1001', { algorithm, realm: asterisk.realm })
    expect(phone.line.answeredAlgorithm).toBe(algorithm)
    expect(phone.registration.contacts).toEqual([expect.stringContaining(phone.contact)])
    await phone.unregister()
    expect(phone.registration.contacts).toEqual([])
  })

  test('does not answer a realm that is not its own', async () => {
    const phone = await open('1001', { realm: 'elsewhere' })
    await expect(phone.register()).rejects.toThrow(`expected a challenge of realm elsewhere, got ${asterisk.realm}`)
  })

  test.each([
    ['udp', () => asterisk.sipPort],
    ['tcp', () => asterisk.sipPort],
    ['tls', () => asterisk.sipTlsPort],
    ['ws', () => asterisk.wsPort],
    ['wss', () => asterisk.wssPort],
  ] as const)('calls and is called over %s, heard both ways', async (transport, port) => {
    const ca = await readFile(asterisk.certificateFile)
    const phone = await openRegistered('1001', { transport, port: port(), ca, servername: 'localhost' })
    const other = await openRegistered('1002')
    const call = await phone.call('1002', { tone: 440 })
    const answered = await (await other.nextCall()).ring().answer({ tone: 660 })
    await call.answered()
    expect(answered.callerNumber).toBe('1001')
    await Promise.all([call.waitForTone(660), answered.waitForTone(440)])
    await call.hangUp()
    await answered.ended()
    const back = await other.call('1001', { tone: 880 })
    const incoming = await (await phone.nextCall()).ring().answer({ tone: 550 })
    await back.answered()
    await Promise.all([back.waitForTone(550), incoming.waitForTone(880)])
    await incoming.hangUp()
    expect(await back.ended()).toMatchObject({ by: 'them' })
  })

  test('sees the lamp of another go on and off', async () => {
    const [watcher, caller, callee] = [await open('1003'), await openRegistered('1001'), await openRegistered('1002')]
    const lamp = await watcher.watch('1002')
    await lamp.waitFor('terminated')
    const call = await caller.call('1002')
    const incoming = (await callee.nextCall()).ring()
    await lamp.waitFor('early')
    await incoming.answer()
    await lamp.waitFor('confirmed')
    await call.hangUp()
    await lamp.waitFor('terminated')
    expect(lamp.history).toEqual(['terminated', 'early', 'confirmed', 'terminated'])
    await lamp.close()
    expect(lamp.ended).toBeDefined()
    await expect(watcher.watch('no-such-hint')).rejects.toMatchObject({ status: 404 })
  })

  test('learns of a voicemail with and without a subscription', async () => {
    const [caller, unsolicited] = [await openRegistered('1001'), await openRegistered('1002')]
    const subscriber = await openRegistered('1003')
    const subscription = await subscriber.subscribeMessages()
    await unsolicited.waitForMessages(0)
    await subscriber.waitForMessages(0)
    for (const [phone, number] of [
      [unsolicited, '1002'],
      [subscriber, '1003'],
    ] as const) {
      // prettier-ignore
      phone.onCall = (call) => call.reject(486)
      const call = await caller.call(number, { tone: 440 })
      await call.answered()
      await call.sendDigits('#')
      await new Promise((resolve) => setTimeout(resolve, 2500))
      await call.hangUp()
      expect(await phone.waitForMessages(1)).toMatchObject({ waiting: true, newMessages: 1 })
      expect(phone.messageWaiting).toBe(true)
    }
    await subscription.close()
    expect(subscription.terminated).toBeDefined()
  })

  test('records check-sync, and may demand a password for it', async () => {
    const phone = await openRegistered('1003')
    const notify = 'pjsip send notify check-sync endpoint 1003-acme'
    await asterisk.cli(notify)
    expect(await phone.nextNotify()).toMatchObject({ event: expect.stringContaining('check-sync') as string, authenticated: false }) // prettier-ignore
    phone.challengeNotifies({ user: 'admin', password: NOTIFY_PASSWORD, realm: 'phone' })
    await asterisk.cli(notify)
    expect(await phone.nextNotify()).toMatchObject({ authenticated: true })
    phone.challengeNotifies({ user: 'admin', password: 'another', realm: 'phone' })
    await asterisk.cli(notify)
    await expect(phone.nextNotify(500)).rejects.toThrow('expected a NOTIFY')
  })
})

describe(`a swarm of ${SWARM_SIZE}`, () => {
  let swarm: Swarm
  const members = Array.from({ length: SWARM_SIZE }, (_, index) => ({
    user: `${20_000 + index}-acme`,
    password: PASSWORD,
  }))

  beforeAll(async () => {
    await insertMembers(members.map(({ user }) => user))
    await asterisk.cli('module reload res_pjsip.so')
    swarm = await Swarm.open({ host: asterisk.host, port: asterisk.sipPort, members, sockets: 2 })
  })

  afterAll(() => swarm.close())

  test('registers within 15 s, nobody left out', async () => {
    const report = await swarm.registerAll()
    console.log(`swarm: ${JSON.stringify(report)}`)
    expect(report.failed).toEqual([])
    expect(report.registered).toBe(SWARM_SIZE)
    expect(report.durationMs).toBeLessThan(15_000)
  })

  test('rings when called, is busy when told to, and its lamps follow', async () => {
    const caller = await openRegistered('1001')
    const [first, second] = members.map(({ user }) => user) as [string, string]
    const lamp = await swarm.watch(second, first.replace('-acme', ''))
    await lamp.waitFor('terminated')
    const call = await caller.call(first.replace('-acme', ''))
    await Promise.all([swarm.waitForRing(first), call.ringing(), lamp.waitFor('early')])
    await call.hangUp()
    await lamp.waitFor('terminated')
    swarm.behave(first, 'busy')
    const refused = await caller.call(first.replace('-acme', ''))
    await expect(refused.answered()).rejects.toMatchObject({ status: 486 })
    expect(swarm.rung.get(first)).toBe(2)
    expect(swarm.rung.has(second)).toBe(false)
    expect(() => swarm.behave('nobody', 'busy')).toThrow('no member nobody')
  })
})

/** Accounts as an import writes them: three rows each, and one of the dialplan. */
async function insertMembers(ids: readonly string[]): Promise<void> {
  await database.query(
    `with id as (select unnest($1::text[]) as id),
       aor as (insert into asterisk.ps_aors (id, max_contacts, remove_existing, qualify_frequency)
         select id, 1, 'yes', 0 from id),
       auth as (insert into asterisk.ps_auths (id, auth_type, username, password, realm)
         select id, 'userpass', id, $2, $3 from id),
       route as (insert into asterisk.extensions (context, exten, priority, app, appdata)
         select 't-acme', split_part(id, '-', 1), 1, 'Gosub', 'offhook-user,s,1(' || id || ',20,)' from id)
     insert into asterisk.ps_endpoints (id, aors, auth, context, disallow, allow, set_var)
       select id, id, id, 't-acme', 'all', 'ulaw', 'OFFHOOK_TENANT=acme;OFFHOOK_EXTENSION=' || split_part(id, '-', 1) from id`,
    [ids, PASSWORD, asterisk.realm],
  )
}
