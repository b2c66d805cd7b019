import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Layer } from '../../src/import/defaults.ts'
import { readPeople, type ReadPeopleOptions } from './read-people.ts'
import { AppError } from '../../src/model/app-error.ts'
import { countRuns } from '../support/runs.ts'

function read(lines: string[], options?: ReadPeopleOptions) {
  return readPeople(Buffer.from(lines.join('\n')), options)
}

function codes(lines: string[], options?: ReadPeopleOptions): string[] {
  return read(lines, options).problems.map(({ row, field, code }) => `${row} ${field} ${code}`)
}

test('a file becomes people, columns and a count', () => {
  const result = read([
    'Durchwahl;Vorname;Nachname;E-Mail;MAC-Adresse;Modell;Voicemail-PIN;Bemerkung',
    '1001;Änne;von Berg;Aenne@example.org;00:15:65:AB:CD:EF;T46U;8352;neu',
    '1002;Otto;-;;;;;',
  ])
  expect(result).toMatchObject({
    people: [
      {
        row: 1,
        extension: '1001',
        first_name: 'Änne',
        last_name: 'von Berg',
        email: 'aenne@example.org',
        mac: '001565abcdef',
        model: 'T46U',
      },
      { row: 2, extension: '1002', first_name: 'Otto', last_name: null },
    ],
    problems: [],
    faulty: [],
    columns: { unknown: ['Bemerkung'] },
    detected: { format: 'csv', encoding: 'utf-8', delimiter: ';', headerRow: 1 },
    rows: 2,
  })
  expect(Object.keys(result.people[1]!)).toEqual(['row', 'extension', 'first_name', 'last_name'])
})

test('every problem is found, in the order of rows and fields, and only rows without one are people', () => {
  const result = read(['extension,first_name,email,mac', '1,Anna,x,zz', '1002,Otto,otto@example.org,', 'abc,,y,'])
  expect(result.problems.map(({ row, field, code }) => `${row} ${field} ${code}`)).toEqual([
    '1 extension extension-invalid',
    '1 email email-invalid',
    '1 mac mac-invalid',
    '3 extension extension-invalid',
    '3 first_name name-missing',
    '3 email email-invalid',
  ])
  expect(result.people.map(({ row }) => row)).toEqual([2])
  expect(result.faulty.map(({ row }) => row)).toEqual([1, 3])
})

describe('names', () => {
  const cases: [string, string | null | undefined, string | null | undefined][] = [
    ['Anna Berg', 'Anna', 'Berg'],
    ['"Berg, Anna Maria"', 'Anna Maria', 'Berg'],
    ['Anna Maria von der Heide', 'Anna Maria', 'von der Heide'],
    ['Empfang', 'Empfang', undefined],
    ['-', null, null],
  ]
  test.each(cases)('%s is split', (cell, first, last) => {
    const { people } = read(['ext,Name', `1001,${cell}`], { isKnown: () => true })
    expect([people[0]?.first_name, people[0]?.last_name]).toEqual([first, last])
  })

  test('that fit alone and not together are refused', () => {
    const half = 'x'.repeat(40)
    expect(codes(['ext,first_name,last_name', `1001,${half},${half}`])).toEqual(['1 last_name text-too-long'])
  })
})

describe('what a row needs', () => {
  const cases: [string, string[], string[]][] = [
    ['a key', ['first_name,role', 'Anna,user'], ['1  key-missing']],
    ['a name', ['extension,role', '1001,user'], ['1 first_name name-missing']],
    [
      'an extension to telephone',
      ['email,name,telephony', 'a@example.org,Anna,yes'],
      ['1 extension extension-missing'],
    ],
    ['no extension otherwise', ['email,name,telephony', 'a@example.org,Anna,no'], []],
    ['a model for its phone', ['extension,name,mac', '1001,Anna,001565abcdef'], ['1 model model-missing']],
    ['an address for its SIP mode', ['extension,name,sip_mode', '1001,Anna,uri'], ['1 sip_uri sip-uri-missing']],
    ['a domain for its SIP mode', ['extension,name,sip_mode', '1001,Anna,pbx'], ['1 pbx_domain pbx-domain-missing']],
    ['an address for log-in by mail', ['extension,name,authentication', '1001,Anna,email'], ['1 email email-missing']],
    [
      'a number that is free',
      ['extension,name', '112,Anna', '911,Otto'],
      ['1 extension extension-reserved', '2 extension extension-reserved'],
    ],
    ['a PIN that is not the extension', ['extension,name,pin', '4711,Anna,4711'], ['1 voicemail_pin pin-guessable']],
  ]
  test.each(cases)('%s', (_name, lines, expected) => {
    expect(codes(lines)).toEqual(expected)
  })

  test('is less when the tenant knows the person', () => {
    const known = { isKnown: () => true }
    expect(codes(['extension,mac', '1001,001565abcdef'], known)).toEqual([])
    expect(codes(['extension,mac', '112,001565abcdef'], known)).toEqual(['1 extension extension-reserved'])
    expect(codes(['role', 'user'], known)).toEqual(['1  key-missing'])
  })

  test('is less when extensions are handed out or the model is known from elsewhere', () => {
    const lines = ['email,name,mac', 'a@example.org,Anna,001565abcdef']
    expect(codes(lines)).toEqual(['1 extension extension-missing', '1 model model-missing'])
    const result = read(lines, { allocateExtensions: true, modelForMac: () => 'T46U' })
    expect(result.problems).toEqual([])
    expect(result.people[0]).toMatchObject({ model: 'T46U', defaulted: ['model'] })
  })

  test('includes numbers that are reserved, by option or because they reach help in the country of the place', () => {
    expect(codes(['ext,name', '144,Anna'], { reservedNumbers: ['144'] })).toEqual(['1 extension extension-reserved'])
    const defaults: Layer[] = [
      { name: 'location', location: 'Wien', rules: { country: 'AT' } },
      { name: 'tenant', rules: { country: 'DE' } },
    ]
    expect(codes(['ext,name,location', '144,Anna,Wien', '133,Otto,Berlin'], { defaults })).toEqual([
      '1 extension extension-reserved',
    ])
  })
})

describe('rows that claim the same', () => {
  test('are all a problem, each naming the others', () => {
    const result = read([
      'ext,name,email,did',
      '1001,A,x@example.org,',
      '1002,B,X@example.org,+49301234567',
      '1001,C,,0049 30 1234567',
    ])
    expect(result.problems.map(({ row, code, message }) => `${row} ${code}: ${message}`)).toEqual([
      '1 duplicate-extension: Extension 1001 is also in row 3',
      '1 duplicate-email: E-mail address x@example.org is also in row 2',
      '2 duplicate-email: E-mail address x@example.org is also in row 1',
      '2 duplicate-did: Number +49301234567 is also in row 3',
      '3 duplicate-extension: Extension 1001 is also in row 1',
      '3 duplicate-did: Number +49301234567 is also in row 2',
    ])
    expect(result.people).toEqual([])
  })

  test('may share a phone on different lines', () => {
    const header = 'ext,name,mac,model,line'
    const mac = '001565abcdef'
    expect(codes([header, `1001,A,${mac},T46U,`, `1002,B,${mac},T46U,2`])).toEqual([])
    expect(codes([header, `1001,A,${mac},T46U,`, `1002,B,00:15:65:ab:cd:ef,T46U,1`])).toEqual([
      '1 mac duplicate-mac',
      '2 mac duplicate-mac',
    ])
  })

  test('are named in few words when they are many', () => {
    const lines = Array.from({ length: 9 }, (_, index) => `1001,P${index}`)
    expect(read(['ext,name', ...lines]).problems[0]!.message).toBe('Extension 1001 is also in rows 2, 3, 4 and 5 more')
  })
})

describe('defaults', () => {
  const layers: Layer[] = [
    { name: 'set', values: { role: 'user' } },
    { name: 'location', location: 'Wien', values: { timezone: 'Europe/Vienna' }, rules: { calling_code: '43' } },
    {
      name: 'tenant',
      values: { timezone: 'Europe/Berlin', location: 'Berlin', language: 'de' },
      rules: { calling_code: '49' },
    },
    { name: 'system', values: { language: 'en' } },
  ]

  test('fill empty cells, the strongest layer first, the location of the row deciding', () => {
    const { people, problems } = read(
      [
        'ext,name,location,language,did,role',
        '1001,A,Wien,,01 5550001,',
        '1002,B,,fr,030 5550002,admin',
        '1003,C,-,-,,',
      ],
      { defaults: layers, known: { locations: ['Berlin', 'Wien'] } },
    )
    expect(problems).toEqual([])
    expect(people).toMatchObject([
      {
        location: 'Wien',
        timezone: 'Europe/Vienna',
        language: 'de',
        did: '+4315550001',
        role: 'user',
        defaulted: ['language', 'timezone'],
      },
      {
        location: 'Berlin',
        timezone: 'Europe/Berlin',
        language: 'fr',
        did: '+49305550002',
        role: 'admin',
        defaulted: ['location', 'timezone'],
      },
      { location: null, language: null, role: 'user', defaulted: ['timezone'] },
    ])
  })

  test('that are wrong are a problem of the whole file, so that nobody passes without them', () => {
    const defaults: Layer[] = [
      { name: 'set', values: { timezone: 'Berlin', did: '030 1', colour: 'red' } as Layer['values'] & object },
      { name: 'tenant', rules: { calling_code: '+49' } },
    ]
    const result = read(['ext,name', '1001,A'], { defaults })
    expect(result.problems.map(({ row, field, code }) => `${row} ${field} ${code}`)).toEqual([
      '0  field-unknown',
      '0  calling-code-invalid',
      '0 did number-needs-country',
      '0 timezone timezone-invalid',
    ])
    expect(result.people).toEqual([])
    expect(result.faulty).toHaveLength(1)
  })
})

describe('a file that is wrong as a whole', () => {
  test('gives nobody, and does not repeat in every row what its header lacks', () => {
    expect(codes(['email,mail,name', 'a@example.org,b@example.org,Anna'])).toEqual(['0 email columns-contested'])
    expect(codes(['foo,bar', '1,2'])).toEqual(['0  header-unknown'])
    expect(codes(['name,ext', '"Anna,1001'])).toEqual(['0  quote-not-closed'])
    expect(read(['name,ext', 'Otto,1002', '"Anna,1001']).people).toEqual([])
  })

  test('lists nameless columns that hold something', () => {
    expect(read(['ext,,name,', '1001,x,Anna,']).columns.unknown).toEqual(['column 2'])
  })
})

test('one column can serve two fields', () => {
  const { people } = read(['ext,name', '1001,Anna'], { overrides: { extension: 'ext', pbx_device: 'ext' } })
  expect(people).toMatchObject([{ extension: '1001', pbx_device: '1001' }])
})

test('no secret leaves in a problem or in print, even from a row whose cells have shifted', () => {
  const result = read([
    'ext,email,voicemail_pin,password',
    '1001,a@example.org,98765,§orse',
    '1002,b,c@example.org,83520,§ecret password',
    '1003,,77777,§',
  ])
  const printed = JSON.stringify(result)
  for (const secret of ['98765', '83520', '77777', '§']) expect(printed).not.toContain(secret)
  expect(result.faulty).toHaveLength(3)
})

test('people and faulty rows are together all rows, whatever the bytes', { timeout: 600_000 }, () => {
  const part = fc.constantFrom(
    'extension',
    'Name',
    'E-Mail',
    'MAC',
    '1001',
    '1002',
    'a@example.org',
    '001565abcdef',
    'PIN',
    '8352',
    '-',
    "'=",
    '"',
    ',',
    ',',
    ',',
    ';',
    '\n',
    '\n',
    '\r\n',
    '\0',
    'ä',
    '+49',
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc.array(part, { maxLength: 40 }).map((parts) => Buffer.from(`extension,Name,E-Mail\n${parts.join('')}`)),
  )
  fc.assert(
    fc.property(bytes, (file) => {
      const { people, faulty, rows, problems } = readPeople(file)
      expect(people.length + faulty.length).toBe(rows)
      expect(problems.length > 0 || rows > 0).toBe(true)
      for (const { message, suggestion } of problems) expect(message + (suggestion ?? '')).not.toMatch(/[\0\r\n]/)
    }),
    { numRuns: countRuns(5000, 120_000) },
  )
})

test('options that make no sense are refused, and nothing else is thrown', () => {
  const options = fc.record({
    encoding: fc.option(fc.string(), { nil: undefined }),
    delimiter: fc.option(fc.string(), { nil: undefined }),
  })
  fc.assert(
    fc.property(options, fc.uint8Array({ maxLength: 50 }), (chosen, bytes) => {
      try {
        readPeople(Buffer.from(bytes), chosen)
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
    }),
    { numRuns: countRuns(2000, 50_000) },
  )
})

test('more problems than a call takes arguments are all told', () => {
  const rows = 50_000
  const { problems, faulty } = read([
    'external_id,extension,first_name,email,username',
    ...new Array<string>(rows).fill('e1,1001,Ada,ada@example.org,ada'),
  ])
  expect([problems.length, faulty.length]).toEqual([4 * rows, rows])
})

test('somebody with neither half of a name has the whole one, where a column holds it', () => {
  const lines = ['extension,first_name,last_name,Display Name', '1001,Ada,Abel,CEO', '1002,,,Ben Bell']
  const { people, problems, columns } = readPeople(Buffer.from(lines.join('\n')))
  expect(problems).toEqual([])
  expect(people).toMatchObject([
    { first_name: 'Ada', last_name: 'Abel' },
    { first_name: 'Ben', last_name: 'Bell' },
  ])
  expect(columns.unknown).toEqual([])
  const clear = readPeople(Buffer.from(lines.join('\n').replace('1002,,,', '1002,-,,')))
  expect(clear.people[0]).toMatchObject({ last_name: 'Abel' })
  expect(clear.problems).toMatchObject([{ row: 2, field: 'first_name' }])
})
