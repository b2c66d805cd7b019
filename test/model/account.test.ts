import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseEmail } from '../../src/model/email.ts'
import { Fault, placeFault } from '../../src/model/fault.ts'
import { parseHost } from '../../src/model/host.ts'
import { parseLanguage } from '../../src/model/language.ts'
import { parsePassword } from '../../src/model/password.ts'
import { parsePin } from '../../src/model/pin.ts'
import { Secret } from '../../src/model/secret.ts'
import { parseSipUri } from '../../src/model/sip-uri.ts'
import { parseTimeZone } from '../../src/model/time-zone.ts'
import { parseUsername } from '../../src/model/username.ts'
import { parseYesNo } from '../../src/model/yes-no.ts'
import { countRuns } from '../support/runs.ts'

type Parse = (text: string) => unknown

function accepts(parse: Parse, cases: Record<string, unknown>): void {
  for (const [text, value] of Object.entries(cases)) expect(parse(text), text).toEqual(value)
}

function refuses(parse: Parse, texts: string[]): void {
  for (const text of texts) expect(parse(text), text).toBeInstanceOf(Fault)
}

test('e-mail addresses are dot-atoms at a host with a dot, in lower case', () => {
  accepts(parseEmail, {
    'A.B+c@Example.org': 'a.b+c@example.org',
    "o'brien@mail.example.org": "o'brien@mail.example.org",
  })
  refuses(parseEmail, ['', 'a', 'a@', '@example.org', 'a b@example.org', 'a@example', 'a@-x.org', 'a..b@example.org'])
  refuses(parseEmail, [
    '"a b"@example.org',
    'a@example.org\r\nBcc: b@example.org',
    'ä@example.org',
    'a@exämple.org',
    'a@[192.0.2.1]',
  ])
  refuses(parseEmail, [`${'x'.repeat(65)}@example.org`, `a@${'x.'.repeat(130)}org`, 'a@b@example.org'])
})

test('hosts are names, IPv4 and bracketed IPv6, with a port or without', () => {
  accepts(parseHost, {
    'PBX.example.org': 'pbx.example.org',
    localhost: 'localhost',
    '192.0.2.1:5060': '192.0.2.1:5060',
  })
  accepts(parseHost, {
    '[2001:db8::1]': '[2001:db8::1]',
    '[::1]:5061': '[::1]:5061',
    'xn--bcher-kva.example': 'xn--bcher-kva.example',
  })
  refuses(parseHost, [
    '',
    '256.0.0.1',
    '1.2.3',
    '::1',
    '[fe80::1%eth0]',
    '[zz]',
    'a_b.example',
    'a:0',
    'a:65536',
    'a b',
    'http://a',
  ])
})

test('SIP addresses hold nothing that the dialplan reads', () => {
  accepts(parseSipUri, {
    'sip:1001@pbx.example.org': 'sip:1001@pbx.example.org',
    '1001@192.0.2.1': 'sip:1001@192.0.2.1',
  })
  accepts(parseSipUri, { 'SIPS:Anna@X.example:5061;transport=TLS': 'sips:Anna@x.example:5061;transport=tls' })
  refuses(parseSipUri, [
    '',
    'sip:pbx.example.org',
    'sip:a&b@x.example',
    'sip:a,b@x.example',
    'sip:${X}@x.example',
    'sip:a@x.example;maddr=y',
  ])
})

test('user names are lower case and start with a letter or digit', () => {
  accepts(parseUsername, { 'Anna.Berg': 'anna.berg', '1001': '1001', 'a@example.org': 'a@example.org' })
  refuses(parseUsername, ['', 'a', '-ab', 'a b', 'änna', 'a\nb', '../etc'])
})

test('PINs are digits that nobody tries first', () => {
  for (const pin of ['8352', '102938475610']) expect((parsePin(pin) as Secret).reveal()).toBe(pin)
  refuses(parsePin, [
    '',
    '123',
    '1234',
    '0123',
    '9876',
    '7890',
    '0000',
    '1212',
    '123123',
    '83a2',
    '1234567890123',
    '８３５２',
  ])
})

test('passwords are eight characters or more and have no line break', () => {
  expect((parsePassword(' pass word ') as Secret).reveal()).toBe('pass word')
  refuses(parsePassword, ['', 'seven77', 'eight\n888', 'x'.repeat(129), '\ufffd'.repeat(9)])
})

test('languages are BCP 47 tags in canonical spelling', () => {
  accepts(parseLanguage, { de: 'de', EN_us: 'en-US', 'zh-hant-tw': 'zh-Hant-TW', 'es-419': 'es-419' })
  refuses(parseLanguage, ['', 'd', 'deutsch', 'de-', 'de-DE-1996', 'de;q=1'])
})

test('time zones are IANA names, aliases included', () => {
  accepts(parseTimeZone, {
    'europe/berlin': 'Europe/Berlin',
    'America/New York': 'America/New_York',
    utc: 'UTC',
    'Europe/Kyiv': 'Europe/Kyiv',
  })
  refuses(parseTimeZone, ['', 'Berlin', '+01:00', 'Etc/Nowhere', 'GMT+1 ', '../Berlin'])
})

test('yes and no are understood as people mark them', () => {
  for (const text of ['yes', 'JA', 'oui', 'Sí', '1', 'x', 'TRUE', 'wahr', '✓'])
    expect(parseYesNo(text), text).toBe(true)
  for (const text of ['no', 'Nein', 'non', '0', 'false', 'FAUX', 'off']) expect(parseYesNo(text), text).toBe(false)
  refuses(parseYesNo, ['', 'maybe', '2', 'yesno'])
})

test('a fault becomes a problem by its place', () => {
  expect(placeFault(new Fault('a-b', 'found', 'right'), 7, 'email')).toEqual({
    row: 7,
    field: 'email',
    code: 'a-b',
    message: 'found',
    suggestion: 'right',
  })
})

test('every parser answers any text with a value or a fault, and its value again with itself', () => {
  const parsers: Parse[] = [
    parseEmail,
    parseHost,
    parseSipUri,
    parseUsername,
    parseLanguage,
    parseTimeZone,
    parseYesNo,
    parsePin,
    parsePassword,
  ]
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-zA-Z0-9@.:;_/[\]-]{0,30}$/))
  fc.assert(
    fc.property(fc.constantFrom(...parsers), text, (parse, cell) => {
      const value = parse(cell)
      if (value instanceof Fault) expect(value.code && value.message).toBeTruthy()
      else if (value instanceof Secret) expect(value.equals(parse(value.reveal()))).toBe(true)
      else expect(parse(String(value))).toEqual(value)
    }),
    { numRuns: countRuns(10_000, 200_000) },
  )
})
