import { describe, expect, test } from 'vitest'
import type { PeopleOptions } from '../../src/import/people-from-table.ts'
import { readPeople } from './read-people.ts'
import { normaliseValue } from '../../src/import/value-mapping.ts'

function read(lines: string[], options?: PeopleOptions) {
  return readPeople(Buffer.from(lines.join('\n')), { allocateExtensions: true, ...options })
}

const known = {
  roles: [
    { id: 7, name: 'Sales' },
    { id: 'adm-1', name: 'Admin' },
  ],
  locations: ['Berlin', { id: 10115, name: 'Wien' }],
  models: ['T46U', 'D785'],
  groups: ['Support', { id: 3, name: 'Sales team' }],
}

describe('a text of the file', () => {
  test('means what the admin says, once for all rows', () => {
    const values = { role: { vertrieb: 'Sales' }, groups: { hotline: 'Support' } }
    const lines = [
      'ext,name,role,groups',
      '1001,Ada,Vertrieb,"Hotline, Sales team"',
      '1002,Ben,VERTRIEB,',
      '1003,Eva,admin,-',
    ]
    const { people, problems, choices } = read(lines, { known, values })
    expect(problems).toEqual([])
    expect(people).toMatchObject([
      { role: 'Sales', groups: ['Support', 'Sales team'] },
      { role: 'Sales' },
      { role: 'Admin', groups: null },
    ])
    expect(choices).toEqual([])
  })

  test('may be an id instead of a name', () => {
    const { people, problems } = read(['ext,name,role,location,groups', '1001,Ada,7,10115,3', '1002,Ben,ADM-1,Wien,'], {
      known,
    })
    expect(problems).toEqual([])
    expect(people).toMatchObject([
      { role: 'Sales', location: 'Wien', groups: ['Sales team'] },
      { role: 'Admin', location: 'Wien' },
    ])
  })

  test('that is the name of one and the id of another is the name', () => {
    const roles = ['7', { id: '7', name: 'Sales' }]
    expect(read(['ext,name,role', '1001,Ada,7'], { known: { roles } }).people).toMatchObject([{ role: '7' }])
  })

  test('may mean nothing, so that what is there is kept', () => {
    const { people, problems } = read(['ext,name,role', '1001,Ada,none'], { known, values: { role: { none: '' } } })
    expect(problems).toEqual([])
    expect(people[0]).not.toHaveProperty('role')
  })

  test('stays as it is in the row that an error file shows', () => {
    const values = { role: { vertrieb: 'Sales' } }
    const { faulty } = read(['ext,name,role,email', '1001,Ada,Vertrieb,nobody'], { known, values })
    expect(faulty).toEqual([{ row: 1, cells: ['1001', 'Ada', 'Vertrieb', 'nobody'] }])
  })

  test('is compared without case, accents and punctuation', () => {
    expect(normaliseValue(' Grüße, São-Paulo ')).toBe('grußesaopaulo')
    expect(normaliseValue(' – ')).toBe('–')
  })
})

test('texts without a meaning are listed, the most frequent first, with what is probably meant', () => {
  const lines = [
    'ext,name,role,location,model,groups',
    '1001,Ada,Vertrieb,Berlni,T46U,Suport;Neue',
    '1002,Ben,Vertrieb,Berlin,T99,Support',
    '1003,Eva,Sales,Berlin,T46-U,',
  ]
  expect(read(lines, { known }).choices).toEqual([
    { field: 'role', text: 'Vertrieb', rows: 2, meant: null },
    { field: 'location', text: 'Berlni', rows: 1, meant: 'Berlin' },
    { field: 'model', text: 'T99', rows: 1, meant: null },
    { field: 'groups', text: 'Suport', rows: 1, meant: 'Support' },
    { field: 'groups', text: 'Neue', rows: 1, meant: null },
  ])
})

describe('who is suspended', () => {
  const cases: [string, string, boolean | null | undefined][] = [
    ['suspended', 'yes', true],
    ['Gesperrt', 'nein', false],
    ['enabled', 'yes', false],
    ['Account enabled', 'False', true],
    ['aktiv', 'ja', false],
    ['aktiv', '-', null],
    ['activé', '', undefined],
    ['Disabled', '1', true],
    ['suspended', 'Active', false],
    ['enabled', 'Deaktiviert', true],
  ]
  test.each(cases)('%s: %s', (header, text, expected) => {
    const { people, columns, problems } = read([`ext,name,${header}`, `1001,Ada,${text}`])
    expect(problems).toEqual([])
    expect(columns.mapped.at(-1)).toMatchObject({ field: 'suspended' })
    expect(people[0]!.suspended).toBe(expected)
  })
})

test('a caller id with a name is its number', () => {
  const { people } = read(['ext,name,caller id', '1001,Ada,"""Ada, Example"" <+4930123456>"'])
  expect(people).toMatchObject([{ caller_id: '+4930123456' }])
})

test('a name may be called otherwise, where that is no name itself', () => {
  const roles = [
    { id: 1, name: 'user', also: ['Benutzer', 'Nutzer'] },
    { id: 2, name: 'Nutzer' },
  ]
  const { people } = read(['ext,name,role', '1001,Ada,benutzer', '1002,Ben,Nutzer'], { known: { roles } })
  expect(people).toMatchObject([{ role: 'user' }, { role: 'Nutzer' }])
})
