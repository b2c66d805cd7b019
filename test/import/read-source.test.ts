import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPeopleFrom } from './read-people.ts'
import { readSource, type SourceOptions } from '../../src/import/read-source.ts'
import type { SourceRow } from '../../src/import/read-rows.ts'
import { countRuns } from '../support/runs.ts'

function readText(text: string, options?: SourceOptions) {
  return readSource({ kind: 'text', text }, options)
}

function readRows(rows: readonly SourceRow[], options?: SourceOptions) {
  return readSource({ kind: 'rows', rows }, options)
}

describe('a pasted table', () => {
  test('from a spreadsheet has tabs, and quotes around cells with line breaks', async () => {
    const table = await readText('\ufeffName\tGruppen\tOrt\r\nBerg, Anna\t"a\nb"\tUlm\r\n')
    expect(table).toMatchObject({
      header: ['Name', 'Gruppen', 'Ort'],
      rows: [{ row: 1, cells: ['Berg, Anna', 'a\nb', 'Ulm'] }],
      detected: { format: 'csv', encoding: null, delimiter: '\t', headerRow: 1 },
      problems: [],
    })
  })

  test('has the limits of a file', async () => {
    const limits = { bytes: 100, rows: 2 }
    expect((await readText('a\n'.repeat(51), { limits })).problems).toMatchObject([{ row: 0, code: 'file-too-large' }])
    expect((await readText('a\n1\n2\n3\n', { limits })).problems).toMatchObject([{ row: 0, code: 'too-many-rows' }])
  })
})

describe('rows by API', () => {
  test('have every name that occurs as a column, and values of any kind as text', async () => {
    const table = await readRows([
      { extension: 1001, first_name: 'Ada', fax: true, groups: ['Sales', 'Support'] },
      {},
      { extension: '1002', last_name: null, email: undefined, fax: false, first_name: '' },
    ])
    expect(table).toMatchObject({
      header: ['extension', 'first_name', 'fax', 'groups', 'last_name', 'email'],
      rows: [
        { row: 1, cells: ['1001', 'Ada', 'yes', 'Sales, Support', '', ''] },
        { row: 3, cells: ['1002', '', 'no', '', '-', ''] },
      ],
      detected: { format: 'json', encoding: null, delimiter: null, headerRow: 0 },
      problems: [],
    })
  })

  test('are people like those of a file; names need not be canonical', async () => {
    const rows = [{ extension: '1001', Vorname: 'Ada', 'E-Mail': 'ada@example.org', suspended: false }]
    const { people, problems } = await readPeopleFrom({ kind: 'rows', rows })
    expect(problems).toEqual([])
    expect(people).toEqual([
      { row: 1, extension: '1001', first_name: 'Ada', email: 'ada@example.org', suspended: false },
    ])
  })

  test('with a MAC address as a number are told what was lost', async () => {
    const rows = [
      { extension: '1001', name: 'Ada', mac: 1565123456, model: 'x' },
      { extension: '1002', name: 'Ben', mac: 1.5e20 },
    ]
    const { problems } = await readPeopleFrom({ kind: 'rows', rows })
    expect(problems.filter(({ field }) => field === 'mac')).toMatchObject([
      { row: 1, code: 'mac-damaged' },
      { row: 2, code: 'mac-damaged' },
    ])
  })

  test('keep an apostrophe that guards nothing, because nobody guards JSON', async () => {
    expect((await readRows([{ desk: "'+1" }])).rows).toEqual([{ row: 1, cells: ["'+1"] }])
  })

  test('have limits', async () => {
    const limits = { rows: 2, columns: 2, cellLength: 5 }
    const codes = async (rows: SourceRow[]) =>
      (await readRows(rows, { limits })).problems.map(({ row, code }) => [row, code])
    expect(await codes([{ a: 1 }, { a: 1 }, { a: 1 }])).toEqual([[0, 'too-many-rows']])
    expect(await codes([{ a: 1, b: 2 }, { c: 3 }])).toEqual([[0, 'too-many-columns']])
    expect(await codes([{ a: 'x'.repeat(6) }])).toEqual([[1, 'cell-too-long']])
    expect(await codes([])).toEqual([[0, 'file-empty']])
  })

  test('of any JSON are read or refused, never thrown out', { timeout: 600_000 }, async () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('extension', 'mac', 'did', 'email', 'name', '__proto__', 'suspended'),
    )
    const rows = fc.array(fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.double(), fc.maxSafeInteger())), {
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(rows, async (source) => {
        const { people, faulty, rows: count, problems } = await readPeopleFrom({ kind: 'rows', rows: source })
        expect(people.length + faulty.length).toBe(count)
        expect(problems.length > 0 || count > 0).toBe(true)
      }),
      { numRuns: countRuns(2000, 60_000) },
    )
  })
})

describe('the line with column names', () => {
  const found: [string, string, number, string[]][] = [
    ['is the first', 'Name;E-Mail\nAda;ada@example.org', 1, ['Name', 'E-Mail']],
    [
      'stands below a version line',
      'version:v1.0\nFirst name [givenName],Last name [surname]\nAda,Example',
      2,
      ['First name [givenName]', 'Last name [surname]'],
    ],
    [
      'stands below a title and its date',
      'Mitarbeiter, Stand 2026;\n;01.02.2026\n\nVorname;Nachname;E-Mail;Durchwahl\nAda;B;a@example.org;1001',
      4,
      ['Vorname', 'Nachname', 'E-Mail', 'Durchwahl'],
    ],
    [
      'stands below a title that is itself a column name',
      'Benutzer\nVorname\tNachname\tE-Mail\nAda\tB\ta@example.org',
      2,
      ['Vorname', 'Nachname', 'E-Mail'],
    ],
    ['is the first where nothing is known', 'foo,bar\n1,2\n', 1, ['foo', 'bar']],
    [
      'is no row of people whose values are words of the dictionary',
      'A,B,C,D\n1001,user,office,Phone\n',
      1,
      ['A', 'B', 'C', 'D'],
    ],
  ]
  test.each(found)('%s', async (_name, text, headerRow, header) => {
    const table = await readText(text)
    expect(table).toMatchObject({ header, detected: { headerRow }, problems: [] })
    expect(table.rows[0]!.row).toBe(1)
  })

  test('can be chosen', async () => {
    const table = await readText('Name,E-Mail\nfoo,bar\n1,2\n', { headerRow: 2 })
    expect(table).toMatchObject({
      header: ['foo', 'bar'],
      rows: [{ row: 1, cells: ['1', '2'] }],
      detected: { headerRow: 2 },
    })
    expect((await readText('a\n1\n', { headerRow: 9 })).problems).toMatchObject([{ row: 0, code: 'file-empty' }])
  })
})
