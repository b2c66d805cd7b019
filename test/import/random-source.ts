import fc from 'fast-check'
import type { Source } from '../../src/import/read-source.ts'
import { PERSON_FIELDS } from '../../src/model/person.ts'
import { randomList, toCsv } from '../people/random-list.ts'
import { row, text, workbook } from './workbook.ts'

const HEADERS = [...PERSON_FIELDS, 'Nebenstelle', 'Nom', 'Correo electrónico', 'Name', 'Vorname', '', 'x', 'PIN']
const CELLS = [
  ...['1001', '1002', '01001', '+4930123450', '0049 30 123450', '+49…', '1.5E+10', '112', '-', '', ' ', 'yes', 'maybe'],
  ...['a@example.org', 'a@@example', '00:15:65:ab:cd:01', '001565abcd01', 'T46U', 'Ada', "O'Brien", 'Größe', '李雷'],
  ...['=1+1', '=HYPERLINK("http://x.test")', '@SUM(A1)', '+1', "'=1", '="0049"', '../../etc/passwd', '\0', '\u202e'],
  ...['"', '""', 'a\nb', '\r', 'x'.repeat(70), '👩🏽‍🚒', '${x}', "'; drop table users; --", '<script>', '%s', '\\', '{}'],
  ...['sip:1@192.0.2.1', 'Europe/Berlin', 'de', '24680', '1111', 'Sales; Support', '__proto__', 'constructor', '#REF!'],
]
const cell = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...CELLS) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
)
const table = fc.record({
  header: fc.uniqueArray(fc.constantFrom(...HEADERS), { minLength: 1, maxLength: 8 }),
  rows: fc.array(fc.array(cell, { maxLength: 9 }), { maxLength: 6 }),
})

/** Cells as CSV, quoted as it should be, or not at all. */
const hostileText = fc
  .tuple(table, fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
  .map(([{ header, rows }, delimiter, newline, isQuoted]) => {
    const quote = (value: string) => (isQuoted ? `"${value.replaceAll('"', '""')}"` : value)
    return [header, ...rows].map((cells) => cells.map(quote).join(delimiter)).join(newline)
  })

const encoded = fc
  .tuple(hostileText, fc.constantFrom('utf8', 'utf16le', 'latin1'), fc.boolean())
  .map(([content, encoding, hasMark]) => Buffer.from((hasMark ? '\ufeff' : '') + content, encoding as BufferEncoding))

/** A good list of people in which some bytes are others, or that ends early, or stands there twice. */
const mutated = fc
  .tuple(randomList, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(), fc.nat(9))
  .map(([list, changes, cut, kind]) => {
    const bytes = Buffer.from(toCsv(list))
    for (const [at, value] of changes) bytes[at % bytes.length] = value
    return kind === 0 ? bytes.subarray(0, cut % bytes.length) : kind === 1 ? Buffer.concat([bytes, bytes]) : bytes
  })

const escape = (value: string) => value.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
const mutatedWorkbook = fc
  .tuple(table, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
  .map(([{ header, rows }, changes]) => {
    const lines = [header, ...rows].map((cells, at) =>
      row(at + 1, cells.map((value, n) => text(`${String.fromCharCode(65 + n)}${at + 1}`, escape(value))).join('')),
    )
    const bytes = workbook(lines.join(''))
    for (const [at, value] of changes) bytes[at % bytes.length] = value
    return bytes
  })

const value = fc.oneof({ weight: 6, arbitrary: cell }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) })
const jsonRows = fc.array(
  fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...HEADERS) }, fc.string()), value, { maxKeys: 8 }),
  { maxLength: 5 },
)

const file = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Source> => bytes.map((each) => ({ kind: 'file', bytes: each }))

/** What the generator made of it, for the sums at the end. */
export type RandomSource = { made: string; source: Source }

const made = (name: string, weight: number, source: fc.Arbitrary<Source>) => ({
  weight,
  arbitrary: source.map((each): RandomSource => ({ made: name, source: each })),
})

/** Anything that somebody may bring, from noise to lists of people that are nearly right. */
export const randomSource: fc.Arbitrary<RandomSource> = fc.oneof(
  made('noise', 3, file(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)))),
  made('hostile csv', 8, file(encoded)),
  made('mutated csv', 8, file(mutated)),
  made(
    'good csv',
    2,
    randomList.map((list) => ({ kind: 'file', bytes: Buffer.from(toCsv(list)) })),
  ),
  made('workbook', 3, file(mutatedWorkbook)),
  made(
    'pasted',
    2,
    hostileText.map((content) => ({ kind: 'text', text: content })),
  ),
  made(
    'json',
    4,
    jsonRows.map((rows) => ({ kind: 'rows', rows })),
  ),
)
