import { describe, expect, test } from 'vitest'
import { readPeople, type ReadPeopleOptions } from './read-people.ts'
import { listRepairs, repairEdits } from '../../src/import/repairs.ts'

const GERMANY: ReadPeopleOptions = { defaults: [{ name: 'tenant', rules: { country: 'DE' } }] }

function read(lines: string[], options: ReadPeopleOptions = {}) {
  return readPeople(Buffer.from(lines.join('\n')), options)
}

/** Field, cell, code, the cell that cures it and the value that comes of it; beside a complete person. */
const cells: [string, string, string, string, unknown?][] = [
  ['mac', '00 15 65 ab cd ef', 'mac-invalid', '001565abcdef'],
  ['mac', 'OO:15:65:AB:CD:EF', 'mac-invalid', '001565abcdef'],
  ['mac', '1565123456', 'mac-damaged', '001565123456'],
  ['email', 'Anna Berg <anna@example.org>', 'email-invalid', 'anna@example.org'],
  ['email', ' anna @example. org', 'email-invalid', 'anna@example.org'],
  ['email', 'anna@example,org;', 'email-invalid', 'anna@example.org'],
  ['email', 'anna..berg@example.org', 'email-invalid', 'anna.berg@example.org'],
  ['extension', '10 01', 'extension-invalid', '1001'],
  ['extension', '1001.0', 'extension-invalid', '1001'],
  ['first_name', 'An\u0007na', 'control-character', 'Anna'],
  ['desk', 'A\u2028 1', 'control-character', 'A 1'],
  ['desk', '\u200b', 'text-empty', '', undefined],
  ['role', 'Verrtieb', 'role-unknown', 'Vertrieb'],
  ['model', 'T46UU', 'model-unknown', 'T46U'],
  ['sip_mode', 'webrct', 'sip-mode-unknown', 'webrtc'],
  ['authentication', 'authentcator', 'authentication-unknown', 'app'],
  ['did', '49301234567', 'number-ambiguous', '+49301234567'],
  ['did', '+49301234567.0', 'number-damaged', '+49301234567'],
  ['username', 'Änne Groß', 'username-invalid', 'aenne.gross'],
  ['line', '2.0', 'line-invalid', '2', 2],
  ['fax', '1.0', 'yes-no-invalid', 'yes', true],
  ['language', 'Französisch', 'language-invalid', 'fr'],
  ['timezone', 'Berlin', 'timezone-invalid', 'Europe/Berlin'],
  ['pbx_domain', 'https://pbx.example.org/login', 'host-invalid', 'pbx.example.org'],
  ['pbx_device', 'desk 7', 'pbx-device-invalid', 'desk7'],
  ['sip_uri', '"Desk" <sip:7@pbx.example.org>', 'sip-uri-invalid', 'sip:7@pbx.example.org'],
]

describe('a repair cures the cell it is for', () => {
  test.each(cells)('%s %j: %s', (field, text, code, repair, value: unknown = repair) => {
    const row: Record<string, string> = { external_id: 'x1', last_name: 'Berg', [field]: text }
    const lines = [Object.keys(row).join(','), Object.values(row).map(quoteCell).join(',')]
    const options = { ...GERMANY, known: { roles: ['Vertrieb', 'Support'], models: ['T46U'] } }
    const before = read(lines, options)
    expect(before.problems).toMatchObject([{ row: 1, field, code, repair, found: text }])
    expect(before.problems[0]!.message).not.toBe('')
    expect(before.problems[0]!.suggestion).toBeTruthy()
    const edits = repairEdits(before.problems, { field: field as 'did', code })
    const { people, problems } = read(lines, { ...options, edits })
    expect(
      problems.filter((problem) => problem.code !== 'model-missing' && problem.code !== 'extension-missing'),
    ).toEqual([])
    if (people.length > 0) expect(people[0]![field as 'did']).toEqual(code === 'text-empty' ? undefined : value)
  })
})

function quoteCell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

describe('what a spreadsheet program took away is seen by the rest of the column', () => {
  const cases: [string, string, string[], string, string, string][] = [
    [
      '+ of a number',
      'did',
      ['+49301234561', '+49301234562', '+49301234563'],
      '49301234567',
      'number-plus-lost',
      '+49301234567',
    ],
    [
      '00 of a number',
      'did',
      ['0049301234561', '0049301234562', '0049301234563'],
      '49301234567',
      'number-plus-lost',
      '+49301234567',
    ],
    [
      '+ of a number to show',
      'caller_id',
      ['+49301234561', '+49301234562', '+49301234563'],
      '49301234567',
      'number-plus-lost',
      '+49301234567',
    ],
    [
      'zero of a number to show',
      'caller_id',
      ['030 1234561', '030 1234562', '030 1234563'],
      '301234567',
      'number-zero-lost',
      '0301234567',
    ],
    ['zero of an extension', 'extension', ['0101', '0102', '0103'], '104', 'extension-zero-lost', '0104'],
    [
      'zeros of a phone',
      'mac',
      ['001565abcd01', '001565abcd02', '001565abcd03'],
      '1565abcd04',
      'mac-damaged',
      '001565abcd04',
    ],
  ]
  test.each(cases)('%s', (_name, field, others, text, code, repair) => {
    const lines = [
      `external_id,name,model,ext2,${field}`,
      ...[...others, text].map((cell, i) => `x${i},P,T46U,,${cell}`),
    ]
    const known = { isKnown: () => true }
    const { problems } = read(lines, known)
    expect(problems).toMatchObject([{ row: 4, field, code, repair, found: text, suggestion: repair }])
    const edits = repairEdits(problems, { field: field as 'did', code })
    expect(read(lines, { ...known, edits }).problems).toEqual([])
    // Alone, or where every cell has lost it, nothing is known.
    const alone = read([lines[0]!, ...[1, 2, 3, 4].map((i) => `x${i},P,T46U,,${text.slice(0, -1)}${i}`)], known)
    expect(alone.problems.filter((problem) => problem.code === code)).toEqual([])
  })

  test('a national number takes the country of its neighbours', () => {
    const lines = ['ext,name,did', '1,A,+43 1 5550001', '2,B,+43 1 5550002', '3,C,+43 1 5550003', '4,D,01 5550004']
    const { problems } = read(lines.map((line) => line.replace(/^(\d),/, '100$1,')))
    expect(problems).toMatchObject([{ row: 4, code: 'number-needs-country', repair: '+4315550004' }])
  })

  test('an internal number to show among public ones is no damage', () => {
    const lines = [
      'ext,name,caller_id',
      '1001,A,+49301234561',
      '1002,B,+49301234562',
      '1003,C,+49301234563',
      '1004,D,1004',
    ]
    expect(read(lines).problems).toEqual([])
  })

  test('a rounded number is explained, not guessed', () => {
    const { problems } = read(['ext,name,did,mac,model', '1001,A,4.93E+11,1.5E+10,T46U'])
    expect(problems.map(({ code, repair }) => [code, repair])).toEqual([
      ['number-damaged', undefined],
      ['mac-damaged', undefined],
    ])
  })
})

describe('repairs of one cause', () => {
  const lines = [
    'ext,name,email,role',
    '1001,Anna,anna @example.org,Verrtieb',
    '1002,Otto,otto@,Suport',
    '1003,Ida,ida@example .org,x',
    '1004,Eva,eva@example.org,y',
  ]
  const options = { known: { roles: ['Vertrieb', 'Support'] } }

  test('are listed together, with an example', () => {
    expect(listRepairs(read(lines, options).problems)).toEqual(
      [
        {
          field: 'email',
          code: 'email-invalid',
          rows: [1, 2, 3],
          count: 2,
          example: { from: 'anna @example.org', to: 'anna@example.org' },
        },
        {
          field: 'role',
          code: 'role-unknown',
          rows: [1, 2, 3, 4],
          count: 2,
          example: { from: 'Verrtieb', to: 'Vertrieb' },
        },
      ].toSorted((left, right) => right.rows.length - left.rows.length),
    )
  })

  test('are made with one click: each its own, or one value for all', () => {
    const { problems } = read(lines, options)
    const own = repairEdits(problems, { field: 'role', code: 'role-unknown' })
    expect([...own]).toEqual([
      [1, { values: { role: 'Vertrieb' } }],
      [2, { values: { role: 'Support' } }],
    ])
    const all = repairEdits(problems, { field: 'role', code: 'role-unknown', value: 'Support' })
    const after = read(lines, { ...options, edits: all })
    expect(after.problems.map(({ field }) => field)).toEqual(['email', 'email', 'email'])
  })

  test('never hold a PIN or password', () => {
    const { problems } = read(['ext,name,pin,password', '1001,Anna,12 34,§\u0007§', '1002,Otto,1234,§§'])
    expect(problems).toHaveLength(4)
    expect(JSON.stringify(problems)).not.toMatch(/§|12 34|1234/)
    expect(problems.every(({ repair, found }) => repair === undefined && found === undefined)).toBe(true)
  })
})
