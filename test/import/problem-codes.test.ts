import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PROBLEM_CODES, type ProblemCode } from '../../src/import/problem-codes.ts'
import { readCorrections } from '../../src/import/read-corrections.ts'
import { readPeopleFrom, type ReadPeopleOptions } from './read-people.ts'
import type { Source, SourceOptions } from '../../src/import/read-source.ts'
import { readTable } from '../../src/import/read.ts'
import { repairEdits } from '../../src/import/repairs.ts'
import { writeWorkbook } from '../../src/import/write-workbook.ts'
import type { PersonField } from '../../src/model/person.ts'
import type { Problem } from '../../src/model/problem.ts'

type Options = ReadPeopleOptions & SourceOptions
type Case = { source: string[] | Buffer; options?: Options }

const cell = (field: string, text: string, options?: Options): Case => ({
  source: [`external_id,last_name,${field}`, `x1,Berg,"${text.replaceAll('"', '""')}"`],
  ...(options && { options }),
})
const twice = (field: string, text: string): Case => ({
  source: [`last_name,desk,${field}`, `A,1,${text}`, `B,2,${text}`],
  options: { isKnown: () => true },
})
const rule = (name: string, text: string): Case => ({
  source: ['ext,name', '1001,Anna'],
  options: { defaults: [{ name: 'tenant', rules: { [name]: text } }] },
})
const known: Options = { known: { roles: ['Sales', 'Support'], locations: ['Berlin'], models: ['T46U'] } }
const workbook = writeWorkbook([{ name: 'People', header: ['ext', 'name'], rows: [['1001', 'Anna']] }])
const good = ['ext,name', '1001,Anna']
const column = (field: string, cells: string[]): Case => ({
  source: [`external_id,last_name,${field}`, ...cells.map((text, index) => `x${index},B,${text}`)],
})

const CASES: Partial<Record<ProblemCode, Case>> = {
  'file-empty': { source: [''] },
  'file-too-large': { source: good, options: { limits: { bytes: 5 } } },
  'file-not-a-table': { source: Buffer.from('%PDF-1.7') },
  'file-broken': { source: workbook.subarray(0, 200) },
  'sheet-unknown': { source: workbook, options: { sheet: 'Nobody' } },
  'line-too-long': { source: ['ext', 'x'.repeat(100)], options: { limits: { columns: 2, cellLength: 5 } } },
  'quote-not-closed': { source: ['ext,name', '1001,"Anna'] },
  'too-many-rows': { source: [...good, '1002,Otto'], options: { limits: { rows: 1 } } },
  'too-many-columns': { source: good, options: { limits: { columns: 1 } } },
  'rows-missing': { source: ['ext,name'] },
  'header-duplicate': { source: ['ext,ext', '1001,1002'] },
  'header-too-long': { source: [`ext,${'n'.repeat(9)}`, '1,2'], options: { limits: { cellLength: 8 } } },
  'header-unknown': { source: ['foo,bar', '1,2'] },
  'columns-contested': { source: ['email,mail,name', 'a@example.org,b@example.org,Anna'] },
  'column-missing': { source: good, options: { overrides: { email: 'Post' } } },
  'field-unknown': { source: good, options: { overrides: { colour: 'name' } } },
  'calling-code-invalid': rule('calling_code', '+49'),
  'country-unknown': rule('country', 'Germany'),
  'range-invalid': rule('extension_range', '20-10'),
  'rule-invalid': rule('mail', 'pigeon'),
  'row-short': { source: ['ext,name', '1001'] },
  'row-long': { source: ['ext,name', '1001,Anna,x'] },
  'cell-too-long': { source: ['ext,name', `1001,${'A'.repeat(9)}`], options: { limits: { cellLength: 8 } } },
  'nul-character': { source: ['ext,name', '1001,An\0na'] },
  'authentication-unknown': cell('authentication', 'fingerprnt'),
  'character-lost': cell('desk', 'M\ufffdller'),
  'control-character': cell('desk', 'A\u00071'),
  'email-invalid': cell('email', 'anna @example.org'),
  'extension-invalid': cell('extension', '10 01'),
  'extension-zero-lost': column('extension', ['0101', '0102', '0103', '104']),
  'external-id-damaged': { source: ['external_id,name', '1.23E+15,Anna'] },
  'formula-error': cell('desk', '#REF!'),
  'host-invalid': cell('pbx_domain', 'sip:pbx.example.org'),
  'language-invalid': cell('language', 'English'),
  'line-invalid': cell('line', '2.0'),
  'list-invalid': cell('tags', ';;'),
  'location-unknown': cell('location', 'Berlni', known),
  'mac-damaged': cell('mac', '1565123456', { isKnown: () => true }),
  'mac-invalid': cell('mac', '00 15 65 12 34 56', { isKnown: () => true }),
  'model-unknown': cell('model', 'T46UU', known),
  'number-ambiguous': cell('did', '49301234567', { defaults: [{ name: 'tenant', rules: { calling_code: '49' } }] }),
  'number-damaged': cell('did', '+49301234567.0'),
  'number-invalid': cell('did', 'call me'),
  'number-needs-country': cell('did', '030 1234567'),
  'number-plus-lost': column('did', ['+49301234561', '+49301234562', '+49301234563', '49301234564']),
  'number-unassigned': cell('did', '+4910005550'),
  'number-zero-lost': column('caller_id', ['0301234561', '0301234562', '0301234563', '301234564']),
  'password-invalid': cell('password', 'short'),
  'pbx-device-invalid': cell('pbx_device', 'desk 7'),
  'pin-guessable': cell('voicemail_pin', '1234'),
  'pin-invalid': cell('voicemail_pin', '12'),
  'role-unknown': cell('role', 'Suport', known),
  'sip-mode-unknown': cell('sip_mode', 'webrct'),
  'sip-uri-invalid': cell('sip_uri', '<sip:7@pbx.example.org>'),
  'text-empty': cell('desk', '\u200b'),
  'text-too-long': cell('desk', 'x'.repeat(65)),
  'timezone-invalid': cell('timezone', 'Berlin'),
  'username-invalid': cell('username', 'Änne Groß'),
  'yes-no-invalid': cell('fax', '1.0'),
  'key-missing': { source: ['name,desk', 'Anna,A1'] },
  'name-missing': { source: ['ext,desk', '1001,A1'] },
  'extension-missing': { source: ['email,name,telephony', 'a@example.org,Anna,yes'] },
  'extension-reserved': cell('extension', '112'),
  'model-missing': { source: ['ext,name,mac', '1001,Anna,001565123456'] },
  'sip-uri-missing': { source: ['ext,name,sip_mode', '1001,Anna,uri'] },
  'pbx-domain-missing': { source: ['ext,name,sip_mode', '1001,Anna,pbx'] },
  'email-missing': { source: ['ext,name,authentication', '1001,Anna,email'] },
  'duplicate-did': twice('did', '+49301234567'),
  'duplicate-email': twice('email', 'a@example.org'),
  'duplicate-extension': twice('extension', '1001'),
  'duplicate-external-id': twice('external_id', 'x1'),
  'duplicate-mac': twice('mac', '001565123456'),
  'duplicate-username': twice('username', 'anna'),
  'device-limit': { ...cell('mac', '001565123456'), options: { isKnown: () => true, deviceCount: () => 2 } },
  'mac-of-other-maker': {
    source: ['ext,name,mac,model', '1001,Anna,001565123456,GRP2614'],
    options: { makersApart: () => ({ address: 'Yealink', model: 'Grandstream' }) },
  },
  'timezone-unsaid': {
    source: ['ext,name,mac,model', '1001,Anna,001565123456,T46U'],
    options: { hasZone: () => false },
  },
  'email-misspelt': cell('email', 'anna@gmial.com'),
  'transcription-unused': cell('transcription', 'yes'),
  'authentication-unused': cell('authentication', 'app'),
  'password-digits-only': cell('password', '8352746190'),
  'provisioning-off': { ...cell('mac', '001565123456'), options: { isKnown: () => true, provisioning: false } },
  'runs-in-background': { source: ['ext,name', ...Array.from({ length: 501 }, (_, index) => `${1000 + index},P`)] },
}

async function find({ source, options }: Case, edits?: Options['edits']): Promise<Problem[]> {
  const bytes = Array.isArray(source) ? Buffer.from(source.join('\n')) : source
  const input: Source = { kind: 'file', bytes }
  const { problems, warnings } = await readPeopleFrom(input, { ...options, ...(edits && { edits }) })
  return [...problems, ...warnings]
}

describe('each problem says what was found and what would be right, and its repair cures it', () => {
  test.each(Object.entries(CASES))('%s', async (code, example) => {
    const found = (await find(example)).filter((problem) => problem.code === code)
    expect(found.length).toBeGreaterThan(0)
    for (const { message, suggestion } of found) {
      expect(message).toMatch(/^.{10,}$/)
      expect(suggestion).toMatch(code === 'text-empty' ? /Type/ : /^.+$/)
    }
    const { field, repair } = found.at(-1)!
    if (repair === undefined) return
    const edits = repairEdits(found, { field: field as PersonField, code })
    const codes = (await find(example, edits)).map((problem) => problem.code)
    expect(codes).not.toContain(code)
  })
})

test('codes of corrected files say so too', () => {
  const file = (text: string) => readTable(Buffer.from(text))
  const options = { columns: [], lastRow: 1 }
  const marked = readCorrections(file('extension,problem\n1,Row 1: x\n2,Row 1: x\n3,Row 9: x\n4,x\n'), options)
  const all = [...marked.problems, ...readCorrections(file('extension\n1\n'), options).problems]
  expect(all.map(({ code }) => code)).toEqual([
    'row-twice',
    'row-unknown',
    'row-mark-invalid',
    'problem-column-missing',
  ])
  expect(all.every(({ message, suggestion }) => message !== '' && suggestion !== undefined)).toBe(true)
})

/** A password and gigabytes of blank cells are proved with the reader of workbooks. */
const ELSEWHERE = [
  'file-encrypted',
  'sheet-too-sparse',
  'problem-column-missing',
  'row-mark-invalid',
  'row-twice',
  'row-unknown',
]

test('every code is listed, and every listed one has its example', () => {
  const listed = Object.keys(PROBLEM_CODES)
  expect([...Object.keys(CASES), ...ELSEWHERE].toSorted()).toEqual(listed.toSorted())
  const written = ['src/import', 'src/model'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const text = readFileSync(`${folder}/${name}`, 'utf8')
        return [...text.matchAll(/(?:new Fault\(|code: |problemOf\()\s*'([a-z]+(?:-[a-z]+)+)'/g)].map(
          (match) => match[1]!,
        )
      }),
  )
  expect(written.length).toBeGreaterThan(40)
  expect([...new Set(written)].filter((code) => !listed.includes(code))).toEqual([])
})
