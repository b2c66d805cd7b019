import { expect, test } from 'vitest'
import { CONTACT_OUTCOMES, HARMLESS_OUTCOMES } from '../../../src/model/contact-outcome.ts'
import { diagnosePhone, findMismatch, hostOf } from '../../../src/people/phones/diagnose-phone.ts'
import { explainOutcome, nameOutcome } from '../../../src/people/phones/outcome-words.ts'
import type { PhoneStory, StoryAccount, StoryContact } from '../../../src/people/phones/read-story.ts'

const SITE = { phonesUrl: 'http://pbx.example.org:8081', sipHost: 'pbx.example.org', families: [] }
const MAC = '001565abcd01'

const contact = (second: number, more: Partial<StoryContact> = {}): StoryContact => ({
  ...{ at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)), transport: 'http', address: '192.0.2.7', file: `${MAC}.cfg` },
  ...{ family: 'yealink', model: 'T46U', firmware: '1.2', outcome: 'served', detail: null, way: 'token', times: 1 },
  ...more,
})
const account = (more: Partial<StoryAccount> = {}): StoryAccount => ({
  ...{ name: '1001-acme', line: 1, suspended: false, phones: 1, contacts: [] },
  ...{ registered_at: null, callable_at: null, gone_at: null, reachable: null },
  ...more,
})
const registered = (more: Partial<StoryAccount> = {}) =>
  account({ contacts: [{ uri: 'sip:1001-acme@192.0.2.7:5060', userAgent: null }], reachable: true, ...more })
const story = (more: Partial<PhoneStory> = {}): PhoneStory => ({
  ...{ id: 1, name: MAC, mac: MAC, family: 'yealink', model: 'T46U', sealed_at: null, released_until: null },
  ...{
    accounts: [account()],
    seen: null,
    last_served: null,
    last_common: null,
    last_refused: null,
    last_unlisted: null,
  },
  ...{ resync: null, redirect: null, exposed: null, certificate: null, contacts: [] },
  ...more,
})
const resync = { reason: 'changed', told_at: null, ended_at: null }

test.each<[state: string, words: RegExp, story: PhoneStory]>([
  ['unassigned', /nobody.*phone assign/, story({ accounts: [] })],
  ['suspended', /suspended=no/, story({ accounts: [account({ suspended: true })] })],
  ['unseen', /never asked.*option 66 = http:\/\/pbx\.example\.org:8081/, story()],
  [
    'unseen',
    /in no list, and not since.*phone release 001565abcd01/,
    story({ last_unlisted: contact(1, { outcome: 'unlisted' }) }),
  ],
  [
    'unseen',
    /Restart it: its release is open/,
    story({ last_unlisted: contact(1, { outcome: 'unlisted' }), released_until: new Date() }),
  ],
  [
    'refused',
    /told by multicast.*did not come.*reach http:\/\/pbx\.example\.org:8081/,
    story({
      last_refused: contact(1, { outcome: 'not-released' }),
      last_common: contact(2, { outcome: 'told', transport: 'pnp' }),
    }),
  ],
  [
    'unregistered',
    /does not register/,
    story({ last_common: contact(2, { outcome: 'told', transport: 'pnp' }), last_served: contact(3) }),
  ],
  [
    'refused',
    /no release was open for it\. Restart it: a release is open for it by now\./,
    story({ last_refused: contact(1, { outcome: 'not-released' }), released_until: new Date() }),
  ],
  ['unseen', /link/, story({ mac: null, name: 'ada/linphone' })],
  ['refused', /did not ask for its own/, story({ last_common: contact(1, { outcome: 'common' }) })],
  [
    'refused',
    /no release was open.*phone release 001565abcd01/,
    story({ last_refused: contact(1, { outcome: 'not-released' }) }),
  ],
  [
    'refused',
    /could not be rendered\. The key 3 .*phone explain/,
    story({
      last_served: contact(1),
      last_refused: contact(2, { outcome: 'failed', detail: 'The key 3 has no value.' }),
    }),
  ],
  [
    'unregistered',
    /does not register\..*reaches pbx\.example\.org/,
    story({ last_served: contact(2), last_refused: contact(1, { outcome: 'sealed' }) }),
  ],
  ['refused', /certificate or address of this phone/, story({ last_refused: contact(1, { outcome: 'other-phone' }) })],
  [
    'unregistered',
    /does not register\./,
    story({ last_served: contact(1), last_refused: contact(9, { outcome: 'unknown-file', file: 'lang+fr.bin' }) }),
  ],
  [
    'unregistered',
    /does not register\./,
    story({ last_served: contact(1), last_refused: contact(9, { outcome: 'other-family', file: `${MAC}.txt` }) }),
  ],
  [
    'refused',
    /path that is not ours/,
    story({ last_served: contact(1), last_refused: contact(3600, { outcome: 'unknown-file', file: 'x/y.bin' }) }),
  ],
  ['unregistered', /it did before/, story({ last_served: contact(2), accounts: [account({ gone_at: new Date() })] })],
  ['partly', /not on 1002-acme/, story({ accounts: [registered(), account({ name: '1002-acme', line: 2 })] })],
  ['unreachable', /does not answer.*firewall/i, story({ accounts: [registered({ reachable: false })] })],
  [
    'outdated',
    /old configuration: 11 of the last 20/,
    story({
      accounts: [registered()],
      resync: { ...resync, state: 'stopped', note: '11 of the last 20 phones did not come back' },
    }),
  ],
  ['working', /^ $/, story({ accounts: [registered()], resync: { ...resync, state: 'came', note: null } })],
  [
    'unregistered',
    /does not register/,
    story({
      accounts: [registered({ phones: 2 })],
      last_served: contact(1, { address: '192.0.2.8' }),
      contacts: [contact(1, { address: '192.0.2.8' })],
    }),
  ],
  ['working', /^ $/, story({ accounts: [registered({ phones: 2 })], contacts: [contact(1)] })],
])('a phone that is %s is told so, with the cure: %s', (state, words, told) => {
  const found = diagnosePhone(told, SITE)
  expect(found.state).toBe(state)
  expect(`${found.cause} ${found.cure}`).toMatch(words)
})

test('every outcome has a name of its own, and every one that is not good a cause and a cure', () => {
  expect(new Set(CONTACT_OUTCOMES.map(nameOutcome)).size).toBe(CONTACT_OUTCOMES.length)
  for (const outcome of CONTACT_OUTCOMES.filter((one) => !HARMLESS_OUTCOMES.includes(one))) {
    const { cause, cure } = explainOutcome(outcome, MAC, SITE)
    expect(cause, outcome).toMatch(/\.$/)
    expect(cure, outcome).toMatch(/^[^]{10,}\.$/)
    expect(cure, outcome).not.toMatch(/PHONE|URL/)
  }
})

test('another model than the inventory’s is noticed, in any case and only if the phone said one', () => {
  const inventory = { family: 'yealink', model: 'T46U' }
  const seen = (family: string, model: string | null) => ({ ...inventory, seen: { family, model, firmware: null } })
  expect(findMismatch(seen('yealink', 't46u'))).toBeNull()
  expect(findMismatch(seen('yealink', null))).toBeNull()
  expect(findMismatch({ ...inventory, seen: null })).toBeNull()
  expect(findMismatch(seen('yealink', 'T46G'))).toBe('yealink T46G')
  expect(findMismatch(seen('snom', null))).toBe('snom (model not said)')
})

test.each([
  ['sip:1001@192.0.2.7:5060;transport=udp', '192.0.2.7'],
  ['sip:1001@[2001:db8::7]:5060', '2001:db8::7'],
  ['<sip:1001@phone.example.org>', 'phone.example.org'],
])('the address in %s is %s', (uri, host) => {
  expect(hostOf(uri)).toBe(host)
})
