import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addGroup } from '../../src/people/groups/edit-groups.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { openRiver, type River } from './open-river.ts'

let river: River
/** A PBX and a door of somebody else's: they know no account here and never register. */
let pbx: SipPhone
let door: SipPhone

beforeAll(async () => {
  river = await openRiver()
  const { host, sipPort: port } = river.pbx.asterisk
  const elsewhere = (user: string) => SipPhone.open({ host, port, user, password: 'none here', localHost: '127.0.0.9' })
  ;[pbx, door] = [await elsewhere('4711'), await elsewhere('door')]
  await addGroup(river.desk, river.acme, { name: 'Entry', number: '500', timeoutSeconds: 20 }, 'test')
  const domain = pbx.contact.replace(/^sip:4711@/, '').replace(/[;>].*$/, '')
  await river.bring(
    `extension,last_name,sip_mode,pbx_domain,pbx_device,sip_uri,groups
1001,Caller,builtin,,,,
1002,Hall,pbx,${domain},4711,,
1003,Gate,uri,,,${door.contact.replace(/[;>].*$/, '')},Entry
1004,Browser,webrtc,,,,
`,
  )
})
afterEach(() => river.closePhones())
afterAll(async () => {
  await pbx.close()
  await door.close()
  await river.close()
})

test.each([
  ['a device of another PBX', '1002', () => pbx],
  ['a custom address', '1003', () => door],
  ['a group, as its member', '500', () => door],
])('%s is rung at its own address, and heard', async (_, number, callee) => {
  const caller = await river.phone('1001-acme')
  const call = await caller.call(number, { tone: 440 })
  const incoming = await callee().nextCall()
  expect(incoming.callerNumber).toBe('1001')
  await incoming.answer({ tone: 800 })
  await Promise.all([call.waitForTone(800), incoming.waitForTone(440)])
  await call.hangUp()
})

test('an address that is edited counts from the next call on', async () => {
  const caller = await river.phone('1001-acme')
  await river.bring(`extension,sip_mode,sip_uri\n1002,uri,${door.contact.replace(/[;>].*$/, '')}\n`)
  const call = await caller.call('1002')
  await (await door.nextCall()).answer()
  await call.answered()
  await call.hangUp()
})

test('a browser registers through a WebSocket, and is offered encrypted media', async () => {
  const { host, httpPort: port } = river.pbx.asterisk
  const password = (await river.pbx.readSecrets()).get('1004.web-acme')!
  const browser = await SipPhone.open({ host, port, transport: 'ws', user: '1004.web-acme', password })
  try {
    await browser.register()
    const offered = new Promise<string>((resolve) => {
      browser.trace((direction, text) => {
        if (direction === 'in' && text.startsWith('INVITE')) resolve(text)
      })
    })
    const caller = await river.phone('1001-acme')
    const call = await caller.call('1004')
    expect(await offered).toMatch(/m=audio \d+ UDP\/TLS\/RTP\/SAVPF[^]*a=fingerprint:/)
    await call.hangUp()
  } finally {
    await browser.close()
  }
})

test('nobody gets in by the address that an account rings at', async () => {
  const call = await door.call('1001')
  expect((await call.ended()).status).toBe(401)
})
