import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SipPhone } from '../support/sip/phone.ts'
import { token } from '../support/sip/token.ts'
import { openLab, type Lab } from './lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await openLab(async (rows) => {
    for (const id of ['1001-acme', '1002-acme', '1002.web-acme', '2001-beta']) await rows.phone(id)
    await rows.route('t-acme', '1001', 'offhook-user,s,1(1001-acme,20,)')
    await rows.route('t-acme', '1002', 'offhook-user,s,1(1002-acme&1002.web-acme,1,)')
    await rows.route('t-beta', '2001', 'offhook-user,s,1(2001-beta,20,)')
  })
})
afterEach(() => lab.closePhones())
afterAll(() => lab.close())

async function dial(phone: SipPhone, digits: string): Promise<number> {
  const user = [...Buffer.from(digits)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const call = await phone.call(`sip:${user}@${lab.asterisk.host}:${lab.asterisk.sipPort}`)
  return (await call.ended()).status
}

/** Registers whatever address a phone could choose, and says whether Asterisk took it. */
async function registerAs(phone: SipPhone, contact: string): Promise<number> {
  const { line } = phone
  const uri = `sip:${lab.asterisk.host}:${lab.asterisk.sipPort}`
  const draft = { ...line.draft('REGISTER', uri, token()), to: `<${line.address}>` }
  let sequence = 0
  const headers = [['Contact', `<${contact}>`] as const, ['Expires', '60'] as const]
  return (await line.transact(draft, () => (sequence += 1), line.server, { headers })).response.status
}

test.each([
  '1001&PJSIP/2001-beta',
  '1001,20,U(pbx)',
  "1001' OR '1'='1",
  "1001'; DROP TABLE extensions; --",
  '1001\\',
  '1001"',
  '1001" = "1001',
  '1${SHELL(id)}',
  '1$[1+1]',
  '1001)',
  '1001@t-beta',
  '2001-beta',
  '1001-acme',
  '1001;x=y',
  '1001%',
  '_1001',
  '+',
  '1'.repeat(200),
  '*8',
  '*81001&1002',
  '*8../1001',
  '*97x',
  '10010',
  '١٠٠١',
  'offhook-user',
  'absent',
  'a',
  'SUCCESS',
  's',
  'h',
])('dialling %j is 404', async (digits) => {
  const phone = await lab.phone('1002-acme')
  await lab.phone('1001-acme')
  expect(await dial(phone, digits)).toBe(404)
})

test('whatever is dialled, only the numbers of the own tenant ring', async () => {
  const phone = await lab.phone('1002-acme')
  const rang: string[] = []
  for (const id of ['1001-acme', '2001-beta']) {
    const callee = await lab.phone(id)
    callee.onCall = (call) => {
      rang.push(id)
      call.reject(486)
    }
  }
  // Bytes that no SIP parser lets through are not dialled: NUL ends the message, CR and LF end the line.
  const piece = fc.oneof(
    fc.constantFrom('1001', '2001', '2001-beta', '&', ',', '"', "'", '\\', '${', '}', '$[', ']', '(', ')', '*8', '@'),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 4 }),
  )
  const dialled = fc
    .array(piece, { minLength: 1, maxLength: 6 })
    .map((pieces) => pieces.join(''))
    .filter((text) => !['1001', '1002', '*97', '*98', '*43'].includes(text))
  await fc.assert(
    fc.asyncProperty(dialled, async (text) => {
      // Asterisk skips hyphens when it matches a pattern: nothing but hyphens may be an incomplete number, 484.
      expect([404, 484], text).toContain(await dial(phone, text))
    }),
    { numRuns: process.env['OFFHOOK_SOAK'] ? 5000 : 150 },
  )
  expect(rang).toEqual([])
}, 120_000)

test.each([
  ['a further destination', 'sip:x&PJSIP/2001-beta@127.0.0.1:9'],
  ['options of Dial', 'sip:x,20,gS(1)@127.0.0.1:9'],
])('a phone that registers %s as its address is not rung there', async (_, contact) => {
  const stranger = await lab.phone('2001-beta')
  const attacker = await lab.silentPhone('1002.web-acme')
  const caller = await lab.phone('1001-acme')
  await registerAs(attacker, contact)
  const honest = await lab.phone('1002-acme')
  const call = await caller.call('1002')
  // What is left of the extension still rings.
  await (await honest.nextCall()).answer()
  await call.answered()
  await call.hangUp()
  await expect(stranger.nextCall(200)).rejects.toThrow()
})

test.each(['2001-beta', '2001', '1&PJSIP/2001-beta', '1001&PJSIP/2001-beta&PJSIP/1'])(
  'watching %j shows nothing of another tenant',
  async (target) => {
    const watcher = await lab.phone('1002-acme')
    const watched = await lab.phone('2001-beta')
    const lamp = await watcher.watch(encodeURIComponent(target)).catch(() => undefined)
    const call = await watched.call('*43')
    await call.answered()
    await pause(300)
    expect(lamp?.history.filter((state) => state !== 'terminated') ?? []).toEqual([])
    await call.hangUp()
  },
)

test('the lamp of a colleague blinks and lights', async () => {
  const watcher = await lab.phone('1002-acme')
  const colleague = await lab.phone('1001-acme')
  const lamp = await watcher.watch('1001')
  await lamp.waitFor('terminated')
  const call = await watcher.call('1001')
  const incoming = (await colleague.nextCall()).ring()
  await lamp.waitFor('early')
  await incoming.answer()
  await lamp.waitFor('confirmed')
  await call.hangUp()
  await lamp.waitFor('terminated')
})

test('nobody is called without an account', async () => {
  const stranger = await lab.silentPhone('nobody')
  const call = await stranger.call('1001')
  expect((await call.ended()).status).not.toBe(200)
})
