import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { LiveState } from '../../src/asterisk/live-state.ts'
import type { AmiMessage } from '../../src/asterisk/ami/message.ts'
import { runOffhook, startOffhook, type Running } from '../cli/run-offhook.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'
import { SipPhone, type PhoneOptions } from '../support/sip/phone.ts'
import { openPbx, type Pbx } from './open-pbx.ts'

const ACME = `extension,first_name,last_name,email,did,mac,model,voicemail_pin
1001,Ada,Abel,ada@example.org,+49 30 12345001,00:15:65:AB:CD:01,T46U,248163
1002,Brian,Boot,brian@example.org,,00:0B:82:AB:CD:02,GRP2614,
1003,Cleo,Clark,cleo@example.org,,,,
`
const ZETA = `extension,first_name,last_name
1001,Zoe,Zorn
1002,Zack,Zabel
`
const CARRIER = '127.0.0.7'

let pbx: Pbx
let secrets: Map<string, string>
let environment: Record<string, string>
let server: Running | undefined
const phones: SipPhone[] = []

beforeAll(async () => {
  pbx = await openPbx()
  environment = { DATABASE_URL: pbx.database.url, OFFHOOK_KEY: pbx.key }
  for (const slug of ['acme', 'zeta']) await offhook(['tenant', 'add', slug])
  await importPeople('acme', ACME)
  await importPeople('zeta', ZETA)
  secrets = await pbx.readSecrets()
})

afterEach(async () => {
  for (const phone of phones.splice(0)) {
    if (phone.registration.registered) await phone.unregister()
    await phone.close()
  }
})

afterAll(async () => {
  server?.child.kill('SIGTERM')
  await server?.ended
  await pbx.close()
})

/** Runs a command that must succeed, and returns its document. */
async function offhook(words: readonly string[], input?: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runOffhook([...words, '--json'], environment, input)
  if (code !== 0) throw new Error(`offhook ${words.join(' ')} ended with ${code}: ${stderr}${stdout}`)
  return JSON.parse(stdout) as Record<string, unknown>
}

/** Returns the number of the import. */
async function importPeople(tenant: string, csv: string, ...flags: string[]): Promise<string> {
  return String((await offhook(['import', '-', '--apply', '--tenant', tenant, ...flags], csv))['import'])
}

async function open(user: string, options: Partial<PhoneOptions> = {}): Promise<SipPhone> {
  const { host, sipPort: port } = pbx.asterisk
  const phone = await SipPhone.open({ host, port, user, password: secrets.get(user) ?? 'unknown', ...options })
  phones.push(phone)
  return phone
}

async function register(user: string): Promise<SipPhone> {
  const phone = await open(user)
  await phone.register()
  return phone
}

async function stateOf(endpoint: string): Promise<string | undefined> {
  const items = await pbx.ami.list('DeviceStateList')
  return items.find((item) => item.get('device') === `PJSIP/${endpoint}`)?.get('state')
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 10_000
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`expected ${what}`)
    await pause(50)
  }
}

/** Resolves once Asterisk has confirmed whatever it was to be told. */
function untilTold(): Promise<void> {
  return until('the outbox to be empty', async () => {
    const { rows } = await pbx.owner.query('select from outbox where done_at is null limit 1')
    return rows.length === 0
  })
}

describe('people imported while Asterisk runs and nobody has told it', () => {
  test('register at once, with the password of their account only', async () => {
    const phone = await register('1001-acme')
    expect(phone.line.answeredAlgorithm).toBe('SHA-256')
    const old = await open('1002-acme', { algorithm: 'MD5' })
    await old.register()
    const stranger = await open('1002-acme', { password: secrets.get('1001-acme')! })
    await expect(stranger.register()).rejects.toMatchObject({ status: 401 })
    const nobody = await open('1009-acme')
    await expect(nobody.register()).rejects.toMatchObject({ status: 401 })
    // Beyond that Asterisk still lacks the tenants' contexts and has not counted the phones.
    expect((await (await phone.call('1002')).ended()).status).toBe(404)
    expect(await stateOf('1001-acme')).not.toBe('NOT_INUSE')
  })

  test('have calls, states and lamps as soon as offhook serve has told it', async () => {
    const phone = await register('1001-acme')
    const port = await findFreePorts(2)
    server = startOffhook(['serve'], {
      ...{ ...environment, OFFHOOK_AMI_URL: pbx.asterisk.amiUrl },
      ...{ OFFHOOK_HTTP_PORT: String(port), OFFHOOK_PHONES_PORT: String(port + 1) },
    })
    await untilTold()
    await until('the phone to be idle', async () => (await stateOf('1001-acme')) === 'NOT_INUSE')
    const lamp = await phone.watch('1002')
    await lamp.waitFor('terminated')
  })
})

describe('people imported while Asterisk runs', () => {
  test('call each other by name, heard both ways, and others see their lamps', async () => {
    const [caller, callee, watcher] = [
      await register('1001-acme'),
      await register('1002-acme'),
      await open('1003-acme'),
    ]
    const lamp = await watcher.watch('1002')
    await lamp.waitFor('terminated')
    const call = await caller.call('1002', { tone: 440 })
    const incoming = (await callee.nextCall()).ring()
    expect(incoming.caller).toMatchObject({ displayName: 'Ada Abel' })
    expect(incoming.callerNumber).toBe('1001')
    await lamp.waitFor('early')
    await incoming.answer({ tone: 660 })
    await call.answered()
    await lamp.waitFor('confirmed')
    await Promise.all([call.waitForTone(660), incoming.waitForTone(440)])
    await call.hangUp()
    await incoming.ended()
    await lamp.waitFor('terminated')
    const changes = lamp.history.filter((state, index, all) => state !== all[index - 1])
    expect(changes).toEqual(['terminated', 'early', 'confirmed', 'terminated'])
  })

  test('get a message when they are busy, and their lamp says so', async () => {
    const [caller, callee] = [await register('1002-acme'), await register('1001-acme')]
    await callee.waitForMessages(0)
    callee.onCall = (incoming) => {
      incoming.reject(486)
    }
    const call = await caller.call('1001', { tone: 440 })
    await call.answered()
    await call.sendDigits('#')
    await pause(2_500)
    await call.hangUp()
    expect(await callee.waitForMessages(1)).toMatchObject({ waiting: true })
    expect(readdirSync(join(pbx.asterisk.directory, 'spool/voicemail/acme/1001/INBOX'))).toContain('msg0000.wav')
  })

  test('are told to fetch their configuration, and a phone that asks who says so gets its own account as the answer', async () => {
    const url = { OFFHOOK_AMI_URL: pbx.asterisk.amiUrl }
    const resync = async (mac: string) => {
      const { code, stderr } = await runOffhook(['phone', 'resync', mac, '--tenant', 'acme'], {
        ...environment,
        ...url,
      })
      expect(stderr).toBe('')
      expect(code).toBe(0)
    }
    const yealink = await register('1001-acme')
    await resync('001565abcd01')
    expect(await yealink.nextNotify()).toMatchObject({ event: 'check-sync;reboot=false', authenticated: false })

    const grandstream = await register('1002-acme')
    const { realm } = pbx.asterisk
    grandstream.challengeNotifies({ user: '1002-acme', password: secrets.get('1002-acme')!, realm })
    await resync('000b82abcd02')
    expect(await grandstream.nextNotify()).toMatchObject({ event: 'check-sync;reboot=false', authenticated: true })
    grandstream.challengeNotifies({ user: '1002-acme', password: 'of somebody else', realm })
    await resync('000b82abcd02')
    await expect(grandstream.nextNotify(500)).rejects.toThrow('expected a NOTIFY')
    const { rows } = await pbx.database.query(`select object from offhook.audit where action = 'resync'`)
    expect(rows).toHaveLength(3)
  })

  test('are called by their new name as soon as Asterisk is told of an edit', async () => {
    const [caller, callee] = [await register('1003-acme'), await register('1001-acme')]
    const nameSeen = async (): Promise<string> => {
      const call = await caller.call('1001')
      const incoming = await callee.nextCall()
      await call.hangUp()
      await incoming.ended()
      return incoming.caller.displayName
    }
    expect(await nameSeen()).toBe('Cleo Clark')
    await importPeople('acme', 'extension,last_name\n1003,Clarke\n', '--update')
    await untilTold()
    expect(await nameSeen()).toBe('Cleo Clarke')
  })
})

describe('two tenants that both have an extension 1001', () => {
  test('each reach their own', async () => {
    const [ada, zoe] = [await register('1001-acme'), await register('1001-zeta')]
    for (const [caller, callee, other] of [
      [await register('1002-acme'), ada, zoe],
      [await register('1002-zeta'), zoe, ada],
    ] as const) {
      const call = await caller.call('1001')
      await (await callee.nextCall()).answer()
      await call.answered()
      await call.hangUp()
      await expect(other.nextCall(200)).rejects.toThrow('expected an incoming call')
    }
  })

  test.each(['1001-zeta', '1001&PJSIP/1001-zeta', '1001@t-zeta', 't-zeta', '1001%26PJSIP%2F1001-zeta', '1001.zeta'])(
    'do not reach each other by dialling %s',
    async (dialled) => {
      const [caller, zoe] = [await register('1002-acme'), await register('1001-zeta')]
      const user = [...Buffer.from(dialled)].map((byte) => `%${byte.toString(16)}`).join('')
      const call = await caller.call(`sip:${user}@${pbx.asterisk.host}:${pbx.asterisk.sipPort}`)
      expect((await call.ended()).status).toBe(404)
      await expect(zoe.nextCall(100)).rejects.toThrow('expected an incoming call')
    },
  )

  test.each([
    '1001',
    '1001-zeta',
    '1001&PJSIP/1001-zeta',
    '1&PJSIP/1001-zeta',
    '1001.web-zeta',
    '-zeta',
    '1001@t-zeta',
  ])('do not see each other by watching %s', async (target) => {
    const [watcher, zoe, zack] = [await open('1003-acme'), await register('1001-zeta'), await register('1002-zeta')]
    const lamp = await watcher.watch(encodeURIComponent(target)).catch(() => undefined)
    await lamp?.waitFor('terminated')
    const call = await zack.call('1001')
    await (await zoe.nextCall()).ring().answer()
    await call.answered()
    await pause(300)
    expect(lamp?.history ?? ['terminated']).toEqual(['terminated'])
    await call.hangUp()
  })

  test('an account of one is refused with the password of the other', async () => {
    const intruder = await open('1001-zeta', { password: secrets.get('1001-acme')! })
    await expect(intruder.register()).rejects.toMatchObject({ status: 401 })
  })
})

describe('a carrier that is known by its address', () => {
  const from = (localHost: string) => open('+4915112345678', { localHost })

  beforeAll(async () => {
    await offhook(['trunk', 'add', 'carrier', '--match', CARRIER, '--tenant', 'acme'])
    await untilTold()
  })

  test.each(['+493012345001', '00493012345001', '493012345001'])('reaches a person under %s', async (number) => {
    const [callee, carrier] = [await register('1001-acme'), await from(CARRIER)]
    const call = await carrier.call(number, { tone: 440 })
    const incoming = (await callee.nextCall()).ring()
    expect(incoming.callerNumber).toBe('+4915112345678')
    await incoming.answer({ tone: 660 })
    await call.answered()
    await Promise.all([call.waitForTone(660), incoming.waitForTone(440)])
    await call.hangUp()
  })

  test('reaches nothing but public numbers, and nobody else reaches those', async () => {
    const [callee, carrier, stranger] = [await register('1001-acme'), await from(CARRIER), await from('127.0.0.8')]
    for (const number of ['1001', '1001-acme', '+493012345999', '*97', '+4930&1001'])
      expect((await (await carrier.call(encodeURIComponent(number))).ended()).status, number).toBe(404)
    expect((await (await stranger.call('+493012345001')).ended()).status).toBe(401)
    await expect(callee.nextCall(100)).rejects.toThrow('expected an incoming call')
  })
})

test('an undone import unregisters its phones at once, and they cannot come back', async () => {
  const id = await importPeople('acme', 'extension,last_name,model\n1004,Gone,Linphone\n1005,Gone too,\n')
  secrets = await pbx.readSecrets()
  const [phone, caller] = [await register('1004-acme'), await register('1001-acme')]
  await untilTold()
  await until('the phone to be idle', async () => (await stateOf('1004-acme')) === 'NOT_INUSE')
  const live = new LiveState(pbx.ami)
  await until('the live state', () => Promise.resolve(live.endpoint('1004-acme').contacts.length === 1))
  const call = await caller.call('1004')
  await (await phone.nextCall()).answer()
  await call.answered()
  await call.hangUp()

  expect(await offhook(['undo', id, '--tenant', 'acme'])).toMatchObject({ undone: 2, kept: [] })
  expect((await (await caller.call('1004')).ended()).status).toBe(404)
  await untilTold()
  await expect(phone.register()).rejects.toMatchObject({ status: 401 })
  expect(live.endpoint('1004-acme')).toEqual({ state: 'UNAVAILABLE', contacts: [] })
  expect(live.endpoint('1001-acme').contacts).toHaveLength(1)
  await until(
    'Asterisk to forget where the phone was',
    async () => (await pbx.owner.query(`select from asterisk.ps_contacts where endpoint = '1004-acme'`)).rowCount === 0,
  )
  live.close()
})

test('an expired contact is removed with an event, though everything else of its phone stays', async () => {
  const phone = await register('1003-acme')
  const removed = new Promise<void>((resolve) => {
    pbx.ami.on('event', (event: AmiMessage) => {
      const fields = ['event', 'contactstatus', 'endpointname'].map((name) => event.get(name))
      if (fields.join() === 'ContactStatus,Removed,1003-acme') resolve()
    })
  })
  await pbx.owner.query(`update asterisk.ps_contacts set expiration_time = 1 where endpoint = '1003-acme'`)
  await removed
  await until('the phone to be away', async () => (await stateOf('1003-acme')) === 'UNAVAILABLE')
  await phone.register()
})

test('the server ends in good order', async () => {
  server!.child.kill('SIGTERM')
  await once(server!.child, 'exit')
  expect(await server!.ended).toMatchObject({ code: 0 })
})
