import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeParseCell } from '../../src/import/cells.ts'
import { Fault } from '../../src/model/fault.ts'
import { PERSON_FIELDS, type PersonField } from '../../src/model/person.ts'
import { quote } from '../../src/model/quote.ts'
import { Secret } from '../../src/model/secret.ts'
import { countRuns } from '../support/runs.ts'

const parse = makeParseCell({ locations: ['Berlin', 'São Paulo'], models: ['T46U', 'D785'], roles: ['user', 'admin'] })

const MODELS = ['T46U', 'T54W', 'GXP2135', 'GXP2140', 'GRP2614'].map((name) => ({
  name,
  maker: name.startsWith('G') ? 'grandstream' : 'yealink',
}))
const named = makeParseCell({
  models: [...MODELS, { name: 'VVX_450', maker: 'poly' }, { name: '6920', maker: 'mitel' }],
})

test.each([
  ['SIP-T54W', 'T54W'],
  ['Yealink SIP-T54W', 'T54W'],
  ['yealink t46u', 'T46U'],
  ['YealinkT46U', 'T46U'],
  ['Polycom VVX 450', 'VVX_450'],
  ['Poly VVX450', 'VVX_450'],
  ['Mitel 6920', '6920'],
])('the model “%s” is %s, as boxes and lists of other systems call it', (text, model) => {
  expect(named('model', text)).toBe(model)
})

test('the name of another maker before a model, or a word that is no maker, is not taken for decoration', () => {
  expect(named('model', 'Snom 6920')).toMatchObject({ code: 'model-unknown' })
  expect(named('model', 'Grandstream T46U')).toMatchObject({ code: 'model-unknown' })
  expect(named('model', 'Yealink')).toMatchObject({ code: 'model-unknown' })
})

test('an unknown model of a long list is answered with those that begin alike, or with where all of them stand', () => {
  const LONG = Array.from({ length: 30 }, (_, index) => ({ name: `IP ${index} Verso`, maker: '2n' }))
  const many = makeParseCell({ models: [...MODELS, ...LONG] })
  expect(many('model', 'GXP1782')).toMatchObject({ suggestion: 'One of GXP2135, GXP2140' })
  expect(many('model', 'Grandstream GXP1782')).toMatchObject({ suggestion: 'One of GXP2135, GXP2140' })
  const cisco = makeParseCell({
    models: [...MODELS, ...LONG, { name: 'CP-7841', maker: 'cisco' }, { name: 'CP-7841-3PCC', maker: 'cisco' }],
  })
  expect(cisco('model', 'Cisco 7841')).toMatchObject({ suggestion: 'One of CP-7841, CP-7841-3PCC' })
  expect(many('model', 'V64')).toMatchObject({ suggestion: 'One of those that “offhook template” lists' })
})

const good: [PersonField, string, unknown][] = [
  ['extension', ' 1001 ', '1001'],
  ['email', 'Anna.Berg@Example.ORG', 'anna.berg@example.org'],
  ['location', 'sao paulo', 'São Paulo'],
  ['model', 't46-u', 'T46U'],
  ['role', 'ADMIN', 'admin'],
  ['mac', '00-15-65-AB-CD-EF', '001565abcdef'],
  ['line', '2', 2],
  ['transcription', 'Ja', true],
  ['telephony', '0', false],
  ['fax', 'Sí', true],
  ['did', '+49 (0)30 123 45-67', '+49301234567'],
  ['caller_id', '1001', '1001'],
  ['sip_mode', 'Classic PBX', 'pbx'],
  ['authentication', 'Google 2FA App', 'app'],
  ['sip_uri', 'Desk7@PBX.example.org', 'sip:Desk7@pbx.example.org'],
  ['groups', 'Sales; Support,Sales | VIP', ['Sales', 'Support', 'VIP']],
  ['language', 'de_ch', 'de-CH'],
  ['timezone', 'europe/berlin', 'Europe/Berlin'],
  ['first_name', '  Zoe\u0308   Marie\u00a0', 'Zoë Marie'],
  ['last_name', '\ufeffBerg\u200b', 'Berg'],
  ['username', 'Anna.Berg', 'anna.berg'],
  ['pbx_domain', '[2001:DB8::1]:5060', '[2001:db8::1]:5060'],
]
const goodCases = good.map(([field, text, value]) => [`${field} ${quote(text)}`, field, text, value] as const)
test.each(goodCases)('%s is read', (_name, field, text, value) => {
  expect(parse(field, text)).toEqual(value)
})

const bad: [PersonField, string, string, string | RegExp][] = [
  ['extension', '1', 'extension-invalid', '2 to 10 digits'],
  ['extension', '1001.0', 'extension-invalid', '1001'],
  ['extension', '*97', 'extension-invalid', '2 to 10 digits'],
  ['extension', '12345678901', 'extension-invalid', '2 to 10 digits'],
  ['email', 'Anna <anna@example.org>', 'email-invalid', 'anna@example.org'],
  ['email', 'anna@localhost', 'email-invalid', /example/],
  ['location', 'Berlni', 'location-unknown', 'Berlin'],
  ['model', 'T99', 'model-unknown', 'One of T46U, D785'],
  ['mac', '1.50E+10', 'mac-damaged', /as text/],
  ['mac', '1,565E+10', 'mac-damaged', /as text/],
  ['mac', '1565123456', 'mac-damaged', '001565123456'],
  ['mac', '15651234567', 'mac-damaged', /12 hexadecimal digits/],
  ['mac', '00 15 65 ab cd ef', 'mac-invalid', '001565abcdef'],
  ['mac', '01:15:65:ab:cd:ef', 'mac-invalid', /12 hexadecimal digits/],
  ['line', '0', 'line-invalid', /1 to 99/],
  ['transcription', 'maybe', 'yes-no-invalid', 'yes or no'],
  ['did', '4,93012E+11', 'number-damaged', /as text/],
  ['did', '030 1234567', 'number-needs-country', /country code/],
  ['did', 'call me', 'number-invalid', /Digits/],
  ['voicemail_pin', '12', 'pin-invalid', '4 to 12 digits'],
  ['voicemail_pin', '4321', 'pin-guessable', /pattern/],
  ['voicemail_pin', '123123', 'pin-guessable', /pattern/],
  ['password', 'short', 'password-invalid', /8 to 128/],
  ['sip_mode', 'smoke signals', 'sip-mode-unknown', 'One of builtin, webrtc, pbx, uri'],
  ['sip_uri', 'sip:a&b@example.org', 'sip-uri-invalid', /sip:/],
  ['language', 'German', 'language-invalid', 'de'],
  ['language', 'Klingon', 'language-invalid', /de-CH/],
  ['timezone', '+01:00', 'timezone-invalid', /Berlin/],
  ['first_name', 'Anna\nadmin=1', 'control-character', 'Anna admin=1'],
  ['first_name', 'An\u2028na', 'control-character', 'An na'],
  ['first_name', 'Anna\u202egreB', 'control-character', 'AnnagreB'],
  ['first_name', 'M\ufffdller', 'character-lost', /encoding/],
  ['first_name', 'x'.repeat(65), 'text-too-long', 'At most 64 characters'],
  ['first_name', '李'.repeat(27), 'text-too-long', 'At most 79 bytes in UTF-8'],
  ['desk', 'x'.repeat(2001), 'text-too-long', 'At most 2000'],
  ['groups', ';;', 'list-invalid', /commas/],
  ['username', 'a', 'username-invalid', /At least two/],
]
const badCases = bad.map(([field, text, ...rest]) => [`${field} ${quote(text)}`, field, text, ...rest] as const)
test.each(badCases)('%s is refused', (_name, field, text, code, suggestion) => {
  const fault = parse(field, text)
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({ code, suggestion: expect.stringMatching(suggestion) as string })
})

test('an empty cell keeps and a hyphen clears, in every field', () => {
  for (const field of PERSON_FIELDS) {
    expect(parse(field, ' \u00a0')).toBeUndefined()
    expect(parse(field, ' - ')).toBeNull()
  }
})

test('names that differ only in punctuation are told apart, and nothing is guessed between them', () => {
  const rooms = makeParseCell({ locations: ['A-1', 'A1', 'B-2'] })
  expect(['A-1', 'A1', 'b 2'].map((text) => rooms('location', text))).toEqual(['A-1', 'A1', 'B-2'])
  expect(rooms('location', 'a 1')).toMatchObject({ code: 'location-unknown' })
})

describe('secrets', () => {
  test('are sealed', () => {
    expect((parse('voicemail_pin', '8352') as Secret).reveal()).toBe('8352')
    expect((parse('password', 'correct horse') as Secret).reveal()).toBe('correct horse')
    expect(JSON.stringify(parse('password', 'correct horse'))).toBe('"***"')
  })

  test('are in no fault, whatever is wrong with them', () => {
    const secret = fc.string({ unit: 'binary', minLength: 3, maxLength: 200 }).filter((text) => text.trim().length > 2)
    fc.assert(
      fc.property(secret, fc.constantFrom<PersonField>('voicemail_pin', 'password'), (text, field) => {
        const value = parse(field, `§${text}§`)
        if (value instanceof Fault) expect(JSON.stringify(value)).not.toContain('§')
      }),
      { numRuns: countRuns(1000, 50_000) },
    )
  })
})

test('what a cell parser accepts, it accepts again unchanged', { timeout: 600_000 }, () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'0159abfAB@.:;-_+ ()/eE,|sip'.split('')), maxLength: 24 }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...PERSON_FIELDS), text, (field, cell) => {
      const value = parse(field, cell, '49')
      if (typeof value === 'string') expect(parse(field, value, '49')).toBe(value)
    }),
    { numRuns: countRuns(20_000, 500_000) },
  )
})

test('a repair is always a text that the cell takes, and never one of a PIN or password', { timeout: 600_000 }, () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'0159abfABÄß@.:;-_+ ()/eE,|<>"sipo\u0007\u2028'.split('')), maxLength: 24 }),
    fc
      .tuple(fc.constantFrom('49', '+49', '030', '0', '00', ' '), fc.stringMatching(/^[0-9 .,O]{4,12}$/))
      .map((p) => p.join('')),
    fc.constantFrom(
      'T4 6',
      'Berlim',
      'amin',
      'Deutsch',
      'paris',
      'webrct',
      '1,00',
      'Anna <a@example.org>',
      '"x" <sip:a@b.example>',
    ),
  )
  const regions = fc.constantFrom(undefined, '1', '7', '39', '49', 'DE', 'US', 'IT')
  let repaired = 0
  fc.assert(
    fc.property(fc.constantFrom(...PERSON_FIELDS), text, regions, (field, cell, region) => {
      const fault = parse(field, cell, region)
      if (!(fault instanceof Fault) || fault.repair === undefined) return
      repaired += 1
      expect(['voicemail_pin', 'password']).not.toContain(field)
      expect(parse(field, fault.repair, region)).not.toBeInstanceOf(Fault)
    }),
    { numRuns: countRuns(20_000, 500_000) },
  )
  expect(repaired).toBeGreaterThan(100)
})
