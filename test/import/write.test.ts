import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPeople } from './read-people.ts'
import { readTable } from '../../src/import/read.ts'
import { writeErrors } from '../../src/import/write-errors.ts'
import { writeTable } from '../../src/import/write-table.ts'
import { Secret } from '../../src/model/secret.ts'
import { countRuns } from '../support/runs.ts'
import { randomPeople } from './random-person.ts'
import { writePeople } from './write-all.ts'

describe('a written table', () => {
  test('is UTF-8 with byte order mark, CRLF, every cell quoted, formulas guarded', () => {
    const bytes = writeTable(
      ['a', 'b'],
      [
        ['=1+1', 'say "hi"'],
        ["'+49", '-'],
      ],
    )
    expect(bytes.toString()).toBe('\ufeff"a","b"\r\n"\'=1+1","say ""hi"""\r\n"\'\'+49","\'-"\r\n')
  })

  test('reads back as it was', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom("'", '=', '+', '@', '\t', '"', '\r', '\n', ',', ';', 'x'), { maxLength: 8 })
        .map((p) => p.join('')),
    )
    // The last cell is filled, because a row of empty cells is no row.
    const row = fc.tuple(cell, cell, cell).map((cells) => [...cells, '.'])
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        const table = readTable(writeTable(['a', 'b', 'c', 'd'], rows), { delimiter: ',' })
        expect(table.rows.map(({ cells }) => cells)).toEqual(rows)
      }),
      { numRuns: countRuns(2000, 120_000) },
    )
  }, 600_000)
})

test('people who are written and read again are the same people', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(randomPeople, (people) => {
      const result = readPeople(writePeople(people))
      expect(result.problems).toEqual([])
      expect(result.people).toEqual(people)
      expect(result.columns.unknown).toEqual([])
    }),
    { numRuns: countRuns(1000, 20_000) },
  )
})

test('PINs and passwords stay out of written people', () => {
  const people = [
    { row: 1, extension: '1001', voicemail_pin: new Secret('8352'), password: new Secret('correct horse') },
  ]
  const { rows } = readTable(writePeople(people, ['extension', 'voicemail_pin', 'password']))
  expect(rows).toEqual([{ row: 1, cells: ['1001', '', ''] }])
})

describe('an error file', () => {
  const file = [
    'Nebenstelle;Vorname;E-Mail;Voicemail-PIN;Notiz',
    '1001;Anna;anna@example.org;8352;=gut',
    '1002;Otto;otto-at-example.org;8353;',
    '1001;Ida;ida@example.org;1234;x',
    '1004;Eva;eva@example.org',
    '1005;Max;max@example.org;8356;y;zu viel',
  ].join('\n')

  test('holds the rows with problems, their columns as they came and what is wrong', () => {
    const errors = readTable(writeErrors(readPeople(Buffer.from(file))))
    expect(errors.header).toEqual(['Nebenstelle', 'Vorname', 'E-Mail', 'Voicemail-PIN', 'Notiz', 'problem'])
    expect(errors.rows.map(({ cells }) => [cells[0], cells[3], cells[4]])).toEqual([
      ['1001', '8352', '=gut'],
      ['1002', '8353', ''],
      ['1001', '1234', 'x'],
      ['1004', '', ''],
      ['1005', '8356', 'y'],
    ])
    expect(errors.rows[2]!.cells[5]).toBe(
      'Row 3: extension: Extension 1001 is also in row 1 → Keep it in one of the rows\n' +
        'voicemail_pin: The PIN is a run or a repetition of digits → Digits without a pattern',
    )
  })

  test('read again unchanged it has the same problems, and a too long row is still too long', () => {
    const first = readPeople(Buffer.from(file))
    const again = readPeople(writeErrors(first))
    const codes = first.problems.map(({ code }) => code)
    expect(codes).toEqual([
      'duplicate-extension',
      'email-invalid',
      'duplicate-extension',
      'pin-guessable',
      'row-short',
      'row-long',
    ])
    expect(again.problems.map(({ code }) => code)).toEqual(codes.filter((code) => code !== 'row-short'))
    expect(again.columns.unknown).toEqual(['Notiz'])
    expect(readTable(writeErrors(again)).header).toEqual(readTable(writeErrors(first)).header)
  })

  test('repeats what is wrong with the whole file in every row', () => {
    const result = readPeople(Buffer.from('extension,ext,name\n1001,1002,Anna\n'))
    expect(readTable(writeErrors(result)).rows[0]!.cells[3]).toMatch(/both look like extension/)
  })
})
