import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCorrections } from '../../src/import/read-corrections.ts'
import { readPeople } from './read-people.ts'
import { readTable } from '../../src/import/read.ts'
import type { RowEdit } from '../../src/import/row-edit.ts'
import { writeErrors } from '../../src/import/write-errors.ts'
import { writeTable } from '../../src/import/write-table.ts'
import { countRuns } from '../support/runs.ts'

const LINES = [
  'Nebenstelle;Name;E-Mail;Notiz',
  '1001;Anna Berg;anna@example.org;=gut',
  '1002;Otto Kern;otto-at-example.org;',
  '1003;Ida Lang;ida@example.org;;zu viel',
  '1;Eva Groß;eva@example.org;',
]

function load(lines: string[], edits = new Map<number, RowEdit>()) {
  const bytes = Buffer.from(lines.join('\n'))
  const table = readTable(bytes)
  const read = readPeople(bytes, { edits })
  const { problems, columns } = read
  const errors = (more = problems) =>
    writeErrors({ header: table.header, columns, faulty: table.rows, problems: more, edits })
  return { read, errors, columns: columns.mapped }
}

test('an errors file that was corrected goes back into its import, new rows behind its last', () => {
  const { errors, columns } = load(LINES)
  const file = readTable(errors())
  expect(file.header).toEqual(['Nebenstelle', 'Name', 'E-Mail', 'Notiz', 'problem'])
  expect(file.rows.map(({ cells }) => /^Row \d+: /.exec(cells[4]!)?.[0])).toEqual(['Row 2: ', 'Row 3: ', 'Row 4: '])
  const corrected = [
    ['1002', 'Otto Kern', 'otto@example.org', '', file.rows[0]!.cells[4]!],
    ['1003', 'Ida Lang', 'ida@example.org', '', file.rows[1]!.cells[4]!],
    ['1004', 'Eva Groß', '', '', 'ROW 4:'],
    ['1005', 'Max Neu', '', '', ''],
  ]
  const again = readTable(writeTable(file.header, corrected))
  const { edits, problems, unknown } = readCorrections(again, { columns, lastRow: 4 }, again.problems)
  expect({ problems, unknown }).toEqual({ problems: [], unknown: ['Notiz'] })
  expect([...edits.keys()]).toEqual([2, 3, 4, 5])
  const { read } = load(LINES, edits)
  expect(read.problems).toEqual([])
  expect(read.people.map((person) => `${person.row} ${person.extension} ${person.first_name} ${person.email}`)).toEqual(
    [
      '1 1001 Anna anna@example.org',
      '2 1002 Otto otto@example.org',
      '3 1003 Ida ida@example.org',
      '4 1004 Eva undefined',
      '5 1005 Max undefined',
    ],
  )
})

test('edits are shown instead of what was found, and what the plan found is there too', () => {
  const edits = new Map<number, RowEdit>([
    [2, { values: { last_name: 'von Kern', desk: 'A1', email: 'otto@' } }],
    [3, { skip: true }],
    [9, { values: { extension: 'x' } }],
  ])
  const { read, errors, columns } = load(LINES, edits)
  const planned = { row: 1, field: 'extension', code: 'extension-taken', message: 'Extension 1001 is taken' }
  const file = readTable(errors([...read.problems, planned]))
  expect(file.header).toEqual(['Nebenstelle', 'first_name', 'last_name', 'E-Mail', 'Notiz', 'desk', 'problem'])
  expect(file.rows.map(({ cells }) => cells.slice(0, 6))).toEqual([
    ['1001', 'Anna', 'Berg', 'anna@example.org', '=gut', ''],
    ['1002', 'Otto', 'von Kern', 'otto@', '', 'A1'],
    ['1', 'Eva', 'Groß', 'eva@example.org', '', ''],
    ['x', '', '', '', '', ''],
  ])
  expect(file.rows[0]!.cells[6]).toBe('Row 1: extension: Extension 1001 is taken')
  const { edits: back } = readCorrections(file, { columns, lastRow: 9 })
  expect(back.get(2)?.values).toMatchObject({ extension: '1002', last_name: 'von Kern', desk: 'A1', email: 'otto@' })
})

test('rows that do not say clearly what they correct are problems and change nothing', () => {
  const { columns } = load(LINES)
  const table = (rows: string[][], header = ['Nebenstelle', 'problem']) => readTable(writeTable(header, rows))
  const rows = [
    ['1002', 'Row 2: x'],
    ['1003', 'Row 2: y'],
    ['1004', 'Row 77: z'],
    ['1005', 'what?'],
    ['1006', 'Row 3: y', 'too much'],
  ]
  const odd = table(rows)
  const { edits, problems } = readCorrections(odd, { columns, lastRow: 4 }, odd.problems)
  expect([...edits.keys()]).toEqual([2])
  expect(problems.map(({ row, code }) => `${row} ${code}`)).toEqual([
    '2 row-twice',
    '77 row-unknown',
    '4 row-mark-invalid',
    '3 row-long',
  ])
  const bare = readCorrections(table([['1002']], ['Nebenstelle']), { columns, lastRow: 4 })
  expect(bare).toMatchObject({ edits: new Map(), problems: [{ row: 0, code: 'problem-column-missing' }] })
})

test('an errors file that comes back unchanged changes nothing, whatever is in its cells', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('=1', "'+1", '-', '', 'a,b', 'Anna B'),
  )
  const row = fc.tuple(cell, cell, cell, cell)
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const bytes = writeTable(
        ['extension', 'Name', 'email', 'x'],
        rows.map((cells) => [...cells.slice(0, 3), `.${cells[3]}`]),
      )
      const table = readTable(bytes, { delimiter: ',' })
      const first = readPeople(bytes, { delimiter: ',' })
      const { header, columns, problems } = { ...first }
      const file = readTable(writeErrors({ header, columns, faulty: table.rows, problems }), { delimiter: ',' })
      const { edits } = readCorrections(file, { columns: columns.mapped, lastRow: 99 }, file.problems)
      const again = readPeople(bytes, { delimiter: ',', edits })
      expect(again.problems).toEqual(problems)
      expect(again.people).toEqual(first.people)
    }),
    { numRuns: countRuns(500, 20_000) },
  )
})
