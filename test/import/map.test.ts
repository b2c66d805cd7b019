import { describe, expect, test } from 'vitest'
import { normaliseHeader } from '../../src/import/header-name.ts'
import { COLUMN_TARGETS, DICTIONARIES, spellings } from '../../src/import/headers.ts'
import { mapColumns, type MapOptions } from '../../src/import/map.ts'
import { editDistance, nearest } from '../../src/model/nearest.ts'
import { PERSON_FIELDS } from '../../src/model/person.ts'

function fields(header: string[], overrides?: Record<string, string>) {
  return mapColumns(header, { overrides }).mapped.map(({ field, header: name }) => `${name} = ${field}`)
}

describe('column names', () => {
  test('are compared without case, accents, punctuation and brackets', () => {
    for (const name of ['E-Mail-Adresse *', 'email_adresse', 'Email Adresse [mail]', 'EMAIL ADRESSE (Pflicht)']) {
      expect(normaliseHeader(name)).toBe('emailadresse')
    }
    expect(normaliseHeader('Prénom')).toBe('prenom')
    expect(normaliseHeader('Straße')).toBe('strasse')
    expect(normaliseHeader('Name [displayName] Required')).toBe('name')
    expect(normaliseHeader('[mail]')).toBe('mail')
  })

  test('canonical names are all known', () => {
    const mapping = mapColumns(PERSON_FIELDS)
    expect(mapping.mapped.map(({ field }) => field)).toEqual(PERSON_FIELDS)
    expect(mapping).toMatchObject({ unknown: [], problems: [] })
    expect(mapping.mapped.every(({ by }) => by === 'name')).toBe(true)
  })

  test('no word of a dictionary means two things, in whatever language', () => {
    const meanings = new Map<string, Set<string>>()
    for (const dictionary of DICTIONARIES) {
      for (const [target, words] of Object.entries(dictionary)) {
        for (const term of spellings(words)) meanings.set(term, (meanings.get(term) ?? new Set()).add(target))
      }
    }
    for (const target of COLUMN_TARGETS) {
      const term = normaliseHeader(target)
      meanings.set(term, (meanings.get(term) ?? new Set()).add(target))
    }
    expect([...meanings].filter(([, targets]) => targets.size > 1)).toEqual([])
    expect(meanings.has('')).toBe(false)
  })

  const exports: [string, string[], string[]][] = [
    [
      'German',
      ['Vorname', 'Name', 'Durchwahl', 'MAC-Adresse', 'Gerät', 'Standort'],
      ['first_name', 'last_name', 'extension', 'mac', 'model', 'location'],
    ],
    ['German without umlauts', ['Geraet', 'Buero', 'E-Mail'], ['model', 'location', 'email']],
    [
      'French',
      ['Nom', 'Prénom', 'Poste', 'Courriel', 'Adresse MAC', 'Fuseau horaire'],
      ['last_name', 'first_name', 'extension', 'email', 'mac', 'timezone'],
    ],
    [
      'Spanish',
      ['Nombre', 'Apellidos', 'Extensión', 'Correo electrónico', 'Contraseña'],
      ['first_name', 'last_name', 'extension', 'email', 'password'],
    ],
    [
      'Entra',
      ['Name [displayName] Required', 'User name [userPrincipalName] Required', 'Object Id', 'Department'],
      ['full_name', 'username', 'external_id', 'groups'],
    ],
    [
      'Google',
      ['First Name [Required]', 'Last Name [Required]', 'Email Address [Required]', 'Employee ID'],
      ['first_name', 'last_name', 'email', 'external_id'],
    ],
    [
      'FreePBX',
      ['extension', 'name', 'voicemail_vmpwd', 'voicemail_email', 'outboundcid'],
      ['extension', 'full_name', 'voicemail_pin', 'voicemail_email', 'caller_id'],
    ],
    [
      '3CX',
      ['Number', 'FirstName', 'LastName', 'EmailAddress', 'MAC', 'Model'],
      ['extension', 'first_name', 'last_name', 'email', 'mac', 'model'],
    ],
    [
      'CommPeak',
      ['Username', 'Email', 'Virtual Extension', 'Role', 'SIP Settings'],
      ['username', 'email', 'extension', 'role', 'sip_mode'],
    ],
  ]
  test.each(exports)('of a %s file are known', (_name, header, expected) => {
    const mapping = mapColumns(header)
    expect(mapping.mapped.map(({ field }) => field)).toEqual(expected)
    expect(mapping).toMatchObject({ unknown: [], problems: [] })
  })

  test('of a whole name yield to first and last name', () => {
    expect(fields(['Display Name', 'First Name', 'Last Name'])).toEqual([
      'First Name = first_name',
      'Last Name = last_name',
    ])
    expect(mapColumns(['Anzeigename', 'Vorname']).unknown).toEqual(['Anzeigename'])
  })

  test('that are misspelt are found, and said to be guesses', () => {
    expect(mapColumns(['Emial', 'Extention', 'Nachnahme']).mapped).toMatchObject([
      { field: 'email', by: 'similar' },
      { field: 'extension', by: 'similar' },
      { field: 'last_name', by: 'similar' },
    ])
  })

  test('that are no field are listed, never guessed into one', () => {
    const strangers = ['Faxnummer', 'Notes', 'Mobile', 'Kostenstelle', 'Desc', 'T-shirt size', 'Vorwahl', 'Xtn']
    expect(mapColumns(['extension', ...strangers])).toMatchObject({
      mapped: [{ field: 'extension' }],
      unknown: strangers,
    })
  })

  test('that are misspelt never take a field from a column that has its name', () => {
    expect(mapColumns(['email', 'emails'])).toMatchObject({
      mapped: [{ header: 'email' }],
      unknown: ['emails'],
      problems: [],
    })
    expect(mapColumns(['extension', 'emial', 'emaill']).unknown).toEqual(['emial', 'emaill'])
  })

  test('that claim one field twice are a problem, and neither is taken', () => {
    const mapping = mapColumns(['E-Mail', 'Mail', 'Extension'])
    expect(mapping.mapped.map(({ field }) => field)).toEqual(['extension'])
    expect(mapping.problems).toMatchObject([{ row: 0, field: 'email', code: 'columns-contested' }])
  })
})

describe('overrides', () => {
  test('win, settle a contest, and may use one column twice', () => {
    expect(fields(['E-Mail', 'Mail', 'Ext'], { email: 'Mail', pbx_device: 'ext', extension: 'Ext' })).toEqual([
      'Mail = email',
      'Ext = pbx_device',
      'Ext = extension',
    ])
    expect(mapColumns(['E-Mail', 'Mail'], { overrides: { email: 'Mail' } })).toMatchObject({
      unknown: ['E-Mail'],
      problems: [],
    })
  })

  test('that name no field or no column are problems with a proposal', () => {
    expect(
      mapColumns(['Durchwahl', 'Familienname'], { overrides: { extention: 'Durchwahl', last_name: 'Familiename' } })
        .problems,
    ).toMatchObject([
      { code: 'field-unknown', suggestion: 'extension' },
      { code: 'column-missing', field: 'last_name', suggestion: '“Familienname”' },
    ])
  })
})

describe('what was chosen before', () => {
  const learned = { 'Kürzel X': 'extension', memo: '', Mail: '-', weg: 'gone' }

  test('is stronger than the dictionary and weaker than what is chosen now', () => {
    const mapping = mapColumns(['KUERZEL x', 'Kürzel-X', 'Durchwahl', 'Name'], { learned })
    expect(mapping.mapped).toMatchObject([
      { header: 'Kürzel-X', field: 'extension', by: 'remembered' },
      { header: 'Name', field: 'full_name', by: 'dictionary' },
    ])
    expect(mapping.unknown).toEqual(['KUERZEL x', 'Durchwahl'])
    const overridden = mapColumns(['Kürzel X', 'Durchwahl'], { learned, overrides: { extension: 'Durchwahl' } })
    expect(overridden).toMatchObject({ mapped: [{ header: 'Durchwahl', by: 'override' }], unknown: ['Kürzel X'] })
  })

  test('may be to leave a column out', () => {
    const mapping = mapColumns(['extension', 'Memo', 'Mail', 'Weg'], { learned })
    expect(mapping.mapped.map(({ field }) => field)).toEqual(['extension'])
    expect(mapping.ignored).toEqual([
      { header: 'Memo', index: 1, reason: 'chosen' },
      { header: 'Mail', index: 2, reason: 'chosen' },
    ])
    expect(mapping.unknown).toEqual(['Weg'])
  })
})

describe('a column is left out', () => {
  test('when the admin says so, by its name or by the field', () => {
    const header = ['extension', 'Name', 'Mail', 'Pager']
    const mapping = mapColumns(header, { overrides: { '-': ['Mail', 'Pager'] } })
    expect(mapping.mapped.map(({ field }) => field)).toEqual(['extension', 'full_name'])
    expect(mapping.ignored.map((column) => column.header)).toEqual(['Mail', 'Pager'])
    expect(mapColumns(header, { overrides: { email: '-', pager: '' } })).toMatchObject({
      mapped: [{ field: 'extension' }, { field: 'full_name' }],
      unknown: ['Mail', 'Pager'],
      problems: [],
    })
    const { problems } = mapColumns(header, { overrides: { '-': 'Maik' } })
    expect(problems[0]).toMatchObject({ code: 'column-missing', field: '' })
  })

  test('when it holds secrets of another system', () => {
    expect(mapColumns(['extension', 'SIP password', 'Secret', 'password'])).toMatchObject({
      mapped: [{ field: 'extension' }, { field: 'password' }],
      ignored: [
        { header: 'SIP password', reason: 'secret' },
        { header: 'Secret', reason: 'secret' },
      ],
      unknown: [],
    })
  })
})

describe('columns whose names say nothing', () => {
  function byContent(columns: Record<string, string[]>, options: MapOptions = {}) {
    const header = Object.keys(columns)
    const rows = (columns[header[0]!] ?? []).map((_, at) => ({
      row: at + 1,
      cells: header.map((name) => columns[name]![at]!),
    }))
    return mapColumns(header, { ...options, rows })
  }
  const macs = Array.from({ length: 10 }, (_, at) => (at === 3 ? '?' : `00:15:65:00:00:0${at}`))

  test('are known by what stands in them, if nine of ten cells agree', () => {
    const mapping = byContent({
      A: macs,
      B: macs.map((_, at) => `a${at}@example.org`),
      C: macs.map((_, at) => `+49 30 12345${at}`),
      D: macs.map((_, at) => String(1000 + at)),
    })
    expect(mapping.mapped).toMatchObject([
      { header: 'A', field: 'mac', by: 'content' },
      { header: 'B', field: 'email', by: 'content' },
      { header: 'C', field: 'did', by: 'content' },
    ])
    expect(mapping.unknown).toEqual(['D'])
    expect(byContent({ A: macs.with(0, '?') }).problems).toMatchObject([{ code: 'header-unknown' }])
  })

  test('are not taken when two look the same, when the field has a column, or when the name is known not to be ours', () => {
    const emails = ['a@example.org', 'b@example.org']
    const phones = ['+4930123456', '+4930123457']
    expect(byContent({ extension: ['1', '2'], X: emails, Y: emails }).unknown).toEqual(['X', 'Y'])
    expect(byContent({ 'E-Mail': emails, X: emails }).unknown).toEqual(['X'])
    expect(byContent({ extension: ['1', '2'], Handy: phones }).unknown).toEqual(['Handy'])
    expect(byContent({ extension: ['1'], X: ['a@example.org'] }).unknown).toEqual(['X'])
  })

  test('that are empty yield to those that are filled', () => {
    const filled = byContent({
      Telefon: ['', ''],
      Rufnummer: ['+4930123456', ''],
      Vorname: ['', ''],
      Nachname: ['', ''],
      Name: ['Ada B', 'Ben C'],
    })
    expect(filled.mapped.map(({ header, field }) => `${header} = ${field}`)).toEqual([
      'Rufnummer = did',
      'Name = full_name',
    ])
    expect(filled).toMatchObject({ unknown: ['Telefon', 'Vorname', 'Nachname'], problems: [] })
  })
})

describe('a number beside an extension', () => {
  const map = (header: string[], ...cells: string[][]) =>
    mapColumns(header, { rows: cells.map((row, at) => ({ row: at + 1, cells: row })) })

  test.each(['Number', 'Nummer', 'Número', 'Numéro'])('%s is the public number, if such stand in it', (name) => {
    const mapping = map(['Extension', name], ['2001', '+34 912 345 678'], ['2002', ''], ['2003', '030 1234567'])
    expect(mapping.mapped).toMatchObject([{ field: 'extension' }, { field: 'did', header: name }])
    expect(mapping.problems).toEqual([])
  })

  test('that could be anything is left to the admin', () => {
    expect(map(['Extension', 'Number'], ['2001', '77']).problems).toMatchObject([{ code: 'columns-contested' }])
    const other = map(['Extension', 'Number', 'DID'], ['2001', '+34912345678', '+34912345679'])
    expect(other.problems).toMatchObject([{ code: 'columns-contested' }])
  })
})

test('a header in which nothing is known says whether it is data', () => {
  expect(mapColumns(['foo', 'bar']).problems).toMatchObject([
    { code: 'header-unknown', message: 'No column is known: “foo”, “bar”' },
  ])
  expect(mapColumns(['Anna', 'anna@example.org']).problems[0]!.message).toMatch(/holds a person/)
})

test('edit distance counts swaps once and gives up early', () => {
  expect(editDistance('emial', 'email', 2)).toBe(1)
  expect(editDistance('kitten', 'sitting', 3)).toBe(3)
  expect(editDistance('abc', 'xyz', 2)).toBe(3)
  expect(nearest('berlin', ['berlim', 'berlix'])).toBeNull()
  expect(nearest('berlni', ['berlin', 'hamburg'])).toBe('berlin')
})
