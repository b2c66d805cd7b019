import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SipPhone } from '../support/sip/phone.ts'
import type { OutgoingCall } from '../support/sip/outgoing-call.ts'
import { openLab, runningApplication, type Lab } from './lab.ts'

/** A channel that has just ended may still be listed. */
const PATIENCE = { timeout: 10_000 }

let lab: Lab

beforeAll(async () => {
  lab = await openLab(async (rows) => {
    for (const id of ['1001-acme', '1003-acme', '1003.web-acme', '1004-acme', '1005-acme']) await rows.phone(id)
    await rows.phone('1002-acme', { mailbox: '1002@acme' })
    await rows.phone('1001-beta')
    await rows.phone('2001-beta')
    await rows.mailbox('1002@acme', '246810')
    await rows.mailbox('1003@acme', '112233')
    await rows.mailbox('1009@acme', '135791')
    await rows.mailbox('2001@beta', '975310')
    await rows.trunk('trunk.carrier-acme', '127.0.0.1')
    await rows.queue('sales-acme', '1004-acme')
    await rows.route('t-acme', '1001', 'offhook-user,s,1(1001-acme,20,)')
    await rows.route('t-acme', '1002', 'offhook-user,s,1(1002-acme,1,1002@acme)')
    await rows.route('t-acme', '1003', 'offhook-user,s,1(1003-acme&1003.web-acme,20,)')
    await rows.route('t-acme', '1005', 'offhook-user,s,1(1005-acme,1,)')
    await rows.route('t-acme', '1009', 'offhook-user,s,1(,20,1009@acme)')
    await rows.route('t-acme', '600', 'offhook-queue,s,1(sales-acme,5,)')
    await rows.route('t-acme', '601', 'offhook-queue,s,1(nobody-acme,5,)')
    await rows.route('t-beta', '1001', 'offhook-user,s,1(1001-beta,20,)')
    await rows.route('t-beta', '2001', 'offhook-user,s,1(2001-beta,20,2001@beta)')
    await rows.route('did', '493012345', 'offhook-did,s,1(acme,1001,)')
    await rows.route('did', '493099999', 'offhook-did,s,1(nobody,1001,)')
  })
})
afterEach(() => lab.closePhones())
afterAll(() => lab.close())

async function refusalOf(caller: SipPhone, target: string): Promise<number> {
  const call = await caller.call(target)
  return (await call.ended()).status
}

test('an extension rings, is answered, and both hear each other', async () => {
  const caller = await lab.phone('1003-acme')
  const callee = await lab.phone('1001-acme')
  const out = await caller.call('1001', { tone: 440 })
  const incoming = await callee.nextCall()
  expect(incoming.callerNumber).toBe('1003')
  incoming.ring()
  await out.ringing()
  await incoming.answer({ tone: 1000 })
  await out.answered()
  await Promise.all([out.waitForTone(1000), incoming.waitForTone(440)])
  await out.hangUp()
})

test('every endpoint and every contact of an extension rings, and the first answer takes the call', async () => {
  const caller = await lab.phone('1001-acme')
  const phones = [await lab.phone('1003-acme'), await lab.phone('1003-acme'), await lab.phone('1003.web-acme')]
  const out = await caller.call('1003')
  const [first, ...others] = await Promise.all(phones.map((phone) => phone.nextCall()))
  await first!.answer()
  await out.answered()
  for (const other of others) expect((await other.ended()).by).toBe('them')
  await out.hangUp()
})

test('a busy extension is 486, one that does not answer or is not there 480', async () => {
  const caller = await lab.phone('1001-acme')
  expect(await refusalOf(caller, '1005')).toBe(480)
  const callee = await lab.phone('1005-acme')
  const busy = await caller.call('1005')
  ;(await callee.nextCall()).reject(486)
  expect((await busy.ended()).status).toBe(486)
  const unanswered = await caller.call('1005')
  const ringing = await callee.nextCall()
  ringing.ring()
  expect((await unanswered.ended()).status).toBe(480)
  await ringing.ended()
})

test('with a mailbox a caller is greeted with the reason: busy or not available', async () => {
  const caller = await lab.phone('1001-acme')
  const absent = await caller.call('1002')
  await absent.answered()
  await expect.poll(() => runningApplication(lab.asterisk, 'VoiceMail'), PATIENCE).toBe('VoiceMail(1002@acme,u)')
  await absent.hangUp()
  const callee = await lab.phone('1002-acme')
  const busy = await caller.call('1002')
  ;(await callee.nextCall()).reject(486)
  await busy.answered()
  await expect.poll(() => runningApplication(lab.asterisk, 'VoiceMail'), PATIENCE).toBe('VoiceMail(1002@acme,b)')
  await busy.hangUp()
  const declined = await caller.call('1002')
  ;(await callee.nextCall()).reject(603)
  await declined.answered()
  await expect.poll(() => runningApplication(lab.asterisk, 'VoiceMail'), PATIENCE).toBe('VoiceMail(1002@acme,u)')
  await declined.hangUp()
})

test('an unanswered call leaves a message, the lamp lights, and *97 with the PIN plays it', async () => {
  const caller = await lab.phone('1001-acme')
  const callee = await lab.phone('1002-acme')
  const out = await caller.call('1002', { tone: 1000 })
  ;(await callee.nextCall()).ring()
  await out.answered()
  await out.sendDigits('#')
  await pause(2500)
  await out.hangUp()
  await callee.waitForMessages(1)
  const inbox = join(lab.asterisk.directory, 'spool/voicemail/acme/1002/INBOX')
  expect(readdirSync(inbox)).toContain('msg0000.wav')

  const check = await callee.call('*97')
  await check.answered()
  await pause(500)
  await check.sendDigits('246810#')
  await pause(1000)
  await check.sendDigits('1')
  await check.waitForTone(1000, 20_000)
  await check.hangUp()
}, 60_000)

test('*97 with a wrong PIN hangs up after three', async () => {
  const phone = await lab.phone('1002-acme')
  const check = await phone.call('*97')
  await check.answered()
  for (let attempt = 0; attempt < 3; attempt++) {
    await pause(700)
    await check.sendDigits('000000#')
  }
  expect((await check.ended(20_000)).by).toBe('them')
}, 60_000)

test('a PIN that is changed by phone is in the database', async () => {
  const phone = await lab.phone('1003-acme')
  const call = await phone.call('*97')
  await call.answered()
  // PIN, mailbox options, change the PIN, the new one twice
  for (const keys of ['112233#', '0', '5', '998877#', '998877#']) {
    await pause(900)
    await call.sendDigits(keys)
  }
  await pause(500)
  await call.hangUp()
  const { rows } = await lab.database.query("select password from asterisk.voicemail where mailbox = '1003'")
  expect(rows).toEqual([{ password: '998877' }])
}, 60_000)

test('*98 opens a mailbox of the own tenant and none of another', async () => {
  const phone = await lab.phone('1001-acme')
  const logIn = async (box: string, pin: string, times: number): Promise<OutgoingCall> => {
    const call = await phone.call('*98')
    await call.answered()
    for (let attempt = 0; attempt < times; attempt++) {
      await pause(700)
      await call.sendDigits(`${box}#`)
      await pause(700)
      await call.sendDigits(`${pin}#`)
    }
    return call
  }
  const [own, foreign] = await Promise.all([logIn('1002', '246810', 1), logIn('2001', '975310', 3)])
  expect((await foreign.ended(20_000)).by).toBe('them')
  expect(own.state).toBe('answered')
  await own.hangUp()
}, 60_000)

test('*43 echoes', async () => {
  const phone = await lab.phone('1001-acme')
  const call = await phone.call('*43', { tone: 700 })
  await call.answered()
  await call.waitForTone(700)
  await call.hangUp()
})

test('*8 picks up what rings in the own tenant only', async () => {
  const caller = await lab.phone('1001-acme')
  const callee = await lab.phone('1003-acme')
  const colleague = await lab.phone('1004-acme')
  const stranger = await lab.phone('1001-beta')
  const out = await caller.call('1003', { tone: 440 })
  const ringing = (await callee.nextCall()).ring()
  await out.ringing()
  expect(await refusalOf(stranger, '*81003')).toBe(404)
  expect(await refusalOf(colleague, '*81005')).toBe(404)
  const picked = await colleague.call('*81003', { tone: 900 })
  await picked.answered()
  await out.answered()
  expect((await ringing.ended()).by).toBe('them')
  await Promise.all([out.waitForTone(900), picked.waitForTone(440)])
  await picked.hangUp()
})

test('a mailbox without phones answers at once', async () => {
  const caller = await lab.phone('1001-acme')
  const call = await caller.call('1009')
  await call.answered()
  await expect.poll(() => runningApplication(lab.asterisk, 'VoiceMail'), PATIENCE).toBe('VoiceMail(1009@acme,u)')
  await call.hangUp()
})

test('a queue rings its members, and one that does not exist is 404', async () => {
  const caller = await lab.phone('1001-acme')
  const member = await lab.phone('1004-acme')
  const call = await caller.call('600', { tone: 440 })
  const incoming = await member.nextCall()
  await incoming.answer({ tone: 800 })
  await Promise.all([call.waitForTone(800), incoming.waitForTone(440)])
  await call.hangUp()
  expect(await refusalOf(caller, '601')).toBe(404)
})

test.each(['+493012345', '00493012345', '493012345'])('a trunk reaches the public number %s', async (number) => {
  const callee = await lab.phone('1001-acme')
  const carrier = await lab.silentPhone('+4989555')
  const call = await carrier.call(number)
  const incoming = await callee.nextCall()
  expect(incoming.callerNumber).toBe('+4989555')
  await incoming.answer()
  await call.answered()
  await call.hangUp()
})

test('a trunk reaches nothing but public numbers', async () => {
  await lab.phone('1001-acme')
  const carrier = await lab.silentPhone('+4989555')
  for (const number of ['1001', '*97', '*43', '+493012346', '493099999', '+4930123x5', 'absent', 's']) {
    expect(await refusalOf(carrier, number), number).toBe(404)
  }
})

test('the same number in two tenants is two extensions', async () => {
  const acme = await lab.phone('1001-acme')
  const beta = await lab.phone('1001-beta')
  const caller = await lab.phone('2001-beta')
  const call = await caller.call('1001')
  await (await beta.nextCall()).answer()
  await call.answered()
  await call.hangUp()
  await expect(acme.nextCall(200)).rejects.toThrow()
  expect(await refusalOf(acme, '2001')).toBe(404)
  expect(await refusalOf(acme, '2001-beta')).toBe(404)
})

test('a row that is edited counts from the next call on', async () => {
  const caller = await lab.phone('1003-acme')
  const callee = await lab.phone('1001-acme')
  expect(await refusalOf(caller, '1077')).toBe(404)
  await lab.rows.route('t-acme', '1077', 'offhook-user,s,1(1001-acme,20,)')
  const call = await caller.call('1077')
  await (await callee.nextCall()).answer()
  await call.answered()
  await call.hangUp()
})
