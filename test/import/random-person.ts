import fc from 'fast-check'
import { parseEmail } from '../../src/model/email.ts'
import { parseExtensionNumber } from '../../src/model/extension-number.ts'
import { parseMac } from '../../src/model/mac.ts'
import { displayName, parsePersonName } from '../../src/model/person-name.ts'
import type { Person } from '../../src/model/person.ts'
import { parsePlainText } from '../../src/model/plain-text.ts'

/** What `parse` lets through unchanged, so that reading it again must give it back; `-` means something else. */
function kept<T>(source: fc.Arbitrary<string>, parse: (text: string) => T): fc.Arbitrary<string & T> {
  return source.filter((text) => text !== '-' && text.trim() === text && parse(text) === text) as fc.Arbitrary<
    string & T
  >
}

const hostile = fc.constantFrom(
  '=HYPERLINK("http://x")',
  "'=1+1",
  '+1',
  '@SUM(A1)',
  '"quoted"',
  "O'Brien",
  'a,b',
  'a;b|c',
  '李雷',
  'Ω≈ç√',
  '="0049"',
  '👩🏽‍🚒',
  'אבג',
  '--',
  'problem',
)
const words = fc.oneof(hostile, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }))
const name = kept(words, parsePersonName)
const label = kept(words, (text) => parsePlainText(text, { codePoints: 64 }))
const listItem = label.filter((text) => !/[,;|]/.test(text))
const list = fc.uniqueArray(listItem, { minLength: 1, maxLength: 4 }).filter((items) => items.join(', ') !== '-')
const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[1-9][0-9]{${min - 1},${max - 1}}$`))
const mac = fc
  .stringMatching(/^[0-9a-f][048c][0-9a-f]{10}$/)
  .map(parseMac)
  .filter((value) => value !== null)

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> {
  return fc.oneof({ weight: 6, arbitrary: value }, fc.constantFrom(null, undefined))
}

/** People of one file who share nothing that must be unique; `row` counts from 1, and no value is a secret. */
export const randomPeople: fc.Arbitrary<Person[]> = fc
  .uniqueArray(
    fc
      .record({
        extension: kept(digits(4, 6), parseExtensionNumber),
        first_name: maybe(name),
        last_name: name,
        role: maybe(label),
        location: maybe(label),
        caller_id: maybe(digits(2, 6)),
        mac: maybe(mac),
        model: label,
        line: maybe(fc.integer({ min: 1, max: 99 })),
        transcription: maybe(fc.boolean()),
        telephony: maybe(fc.boolean()),
        fax: maybe(fc.boolean()),
        pbx_domain: maybe(fc.constantFrom('pbx.example.org', '192.0.2.7:5080', '[2001:db8::1]')),
        pbx_device: maybe(fc.constantFrom('1001', 'desk.7', 'a_b-c')),
        sip_uri: maybe(fc.constantFrom('sip:1001@pbx.example.org', 'sips:A@192.0.2.7:5061;transport=tls')),
        groups: maybe(list),
        desk: maybe(label),
        tags: maybe(list),
        language: maybe(fc.constantFrom('de', 'de-CH', 'zh-Hant-TW')),
        timezone: maybe(fc.constantFrom('Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC')),
      })
      .filter((person) => typeof parsePersonName(displayName(person.first_name, person.last_name)) === 'string'),
    { selector: (person) => person.extension, minLength: 1, maxLength: 8 },
  )
  .map((people) => people.map((person, index) => completePerson(person, index + 1)))

function completePerson(person: Omit<Person, 'row'>, row: number): Person {
  // Keys are derived from the extension, which is unique.
  const email = `user.${person.extension ?? ''}@example.org`
  if (typeof parseEmail(email) !== 'string') throw new Error(`not an address: ${email}`)
  const whole: Person = {
    row,
    external_id: `id-${person.extension ?? ''}`,
    ...person,
    email,
    username: email,
    did: `+4930${(person.extension ?? '').padStart(7, '5')}`,
    voicemail_email: email,
    pager: null,
    sip_mode: 'webrtc',
    authentication: 'app',
  }
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => (value as unknown) !== undefined)) as Person
}
