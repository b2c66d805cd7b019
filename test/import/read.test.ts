import iconv from 'iconv-lite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/model/app-error.ts'
import { readTable, type ReadOptions } from '../../src/import/read.ts'
import { countRuns } from '../support/runs.ts'

function read(text: string | Buffer, options?: ReadOptions) {
  return readTable(Buffer.from(text as string), options)
}

function cells(text: string | Buffer, options?: ReadOptions): (readonly string[])[] {
  const table = read(text, options)
  return [table.header, ...table.rows.map((row) => row.cells)]
}

const GREETING = [
  ['Name', 'Straße'],
  ['Zoë', '10 €'],
]

describe('encodings', () => {
  const text = 'Name;Straße\r\nZoë;10 €\r\n'
  const cases: [string, Buffer, string][] = [
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['Windows-1252, the euro sign included', iconv.encode(text, 'windows-1252'), 'windows-1252'],
    ['UTF-16LE with byte order mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16LE without', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16BE with byte order mark', iconv.encode(text, 'utf-16be', { addBOM: true }), 'utf-16be'],
    ['UTF-16BE without', iconv.encode(text, 'utf-16be'), 'utf-16be'],
  ]
  test.each(cases)('%s is found', (_name, bytes, encoding) => {
    expect(cells(bytes)).toEqual(GREETING)
    expect(read(bytes)).toMatchObject({ detected: { encoding, delimiter: ';' }, problems: [] })
  })

  test('an admin can name the encoding that nothing shows', () => {
    expect(cells(iconv.encode('Name;Ort\nZoë;Köln', 'macroman'), { encoding: 'macroman' })[1]).toEqual(['Zoë', 'Köln'])
  })

  test('an unknown encoding is refused', () => {
    expect(() => read('a', { encoding: 'klingon' })).toThrow(AppError)
  })
})

describe('delimiters', () => {
  test.each([',', ';', '\t', '|'])('%j is found', (delimiter) => {
    const text = [`a${delimiter}b${delimiter}c`, `1${delimiter}2${delimiter}3`].join('\n')
    expect(read(text)).toMatchObject({ detected: { delimiter }, header: ['a', 'b', 'c'] })
  })

  test('delimiters inside quotes and inside cells do not mislead', () => {
    const text = 'Name;Gruppen;Ort\n"Berg, Anna";a|b|c|d;"x,y,z,u"\n"Berg, Otto";a|b;Ulm\n'
    expect(read(text).detected.delimiter).toBe(';')
  })

  test('a lone column reads with a comma', () => {
    expect(cells('email\na@example.org\n')).toEqual([['email'], ['a@example.org']])
  })

  test('the line sep=; names the delimiter and is no data', () => {
    expect(cells('sep=;\r\na,x;b\r\n1,5;2\r\n')).toEqual([
      ['a,x', 'b'],
      ['1,5', '2'],
    ])
  })

  test('an admin can choose', () => {
    expect(cells('a,b;c\n1,2;3', { delimiter: 'semicolon' })[1]).toEqual(['1,2', '3'])
    expect(read('a:b', { delimiter: ':' }).header).toEqual(['a', 'b'])
    for (const delimiter of ['', 'ab', '"', '\n', 'x']) expect(() => read('a', { delimiter })).toThrow(AppError)
  })
})

describe('rows', () => {
  const cases: [string, string, string[][]][] = [
    ['line breaks inside quotes stay', 'a,b\n"1\n2","x\r\ny"\n', [['1\n2', 'x\r\ny']]],
    [
      'line ends may be mixed',
      'a,b\r\n1,2\r3,4\n5,6',
      [
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    ['doubled quotes are one', 'a\n"say ""hi"""\n', [['say "hi"']]],
    ['quotes inside an unquoted cell stay', 'a,b\nthe "boss",2\n', [['the "boss"', '2']]],
    ['text behind a closing quote keeps the quotes', 'a,b\n"the" boss,2\n', [['"the" boss', '2']]],
    ['blanks around a quoted cell go, inside they stay', 'a,b\n1, " x, y " \n', [['1', ' x, y ']]],
    ['empty cells at the end of a row are nothing', 'a,b\n1,2,,,\n', [['1', '2']]],
    ['one guarding apostrophe is taken back', "a\n'=1\n", [['=1']]],
    ['an apostrophe that guards nothing stays', "a\n'tis\n", [["'tis"]]],
    ['a text formula is its text', 'a\n"=""0049"""\n="007"\n', [['0049'], ['007']]],
  ]
  test.each(cases)('%s', (_name, text, rows) => {
    expect(read(text)).toMatchObject({ rows: rows.map((row) => ({ cells: row })), problems: [] })
  })

  test('empty rows are left out but counted, so that a row number is the line in the sheet', () => {
    expect(read('\n\na;b\n1;2\n\n;;\n3;4\n\n;;;\n').rows).toEqual([
      { row: 1, cells: ['1', '2'] },
      { row: 4, cells: ['3', '4'] },
    ])
  })
})

describe('problems', () => {
  const limits = { bytes: 1000, rows: 3, columns: 4, cellLength: 10 }
  const cases: [string, string | Buffer, [number, string][]][] = [
    ['nothing', '', [[0, 'file-empty']]],
    ['blank lines', '\n \n', [[0, 'file-empty']]],
    ['a header alone', 'a,b\n', [[0, 'rows-missing']]],
    ['two columns of one name', 'a,b,a\n1,2,3\n', [[0, 'header-duplicate']]],
    [
      'short and long rows',
      'a,b\n1\n1,2\n1,2,3\n',
      [
        [1, 'row-short'],
        [3, 'row-long'],
      ],
    ],
    ['a NUL', 'a,b\n1,x\0y\n', [[1, 'nul-character']]],
    ['a cell beyond the limit', `a,b\n1,${'x'.repeat(11)}\n`, [[1, 'cell-too-long']]],
    ['an endless column name', `a,${'x'.repeat(11)}\n1,2\n`, [[0, 'header-too-long']]],
    ['a quote that stays open', 'a,b\n1,"2\n3,4\n', [[0, 'quote-not-closed']]],
    ['too many columns', 'a,b\n1,2,3,4,5\n', [[0, 'too-many-columns']]],
    ['too many rows', 'a\n1\n2\n3\n4\n', [[0, 'too-many-rows']]],
    ['too many bytes', 'a\n'.repeat(600), [[0, 'file-too-large']]],
    ['an endless line', `a\n${','.repeat(900)}`, [[0, 'line-too-long']]],
    ['a workbook', Buffer.from('PK\x03\x04\x14\0'), [[0, 'file-not-a-table']]],
  ]
  test.each(cases)('%s', (_name, bytes, expected) => {
    const { problems, rows } = read(bytes, { limits })
    expect(problems.map(({ row, code }) => [row, code])).toEqual(expected)
    for (const { message, suggestion } of problems) expect(message && suggestion).toBeTruthy()
    const isWhole = ['header-duplicate', 'row-short', 'nul-character', 'cell-too-long'].includes(expected[0]![1])
    expect(rows.length > 0).toBe(isWhole)
  })

  test('a million empty lines behind the data are no rows', () => {
    expect(read(`a;b\n1;2\n${';\n'.repeat(1_000_000)}`)).toMatchObject({ rows: [{ row: 1 }], problems: [] })
  })

  test('a line of fifty million delimiters is refused before it is taken apart', () => {
    expect(read(`a,b\n${','.repeat(49_000_000)}`).problems).toMatchObject([{ code: 'line-too-long' }])
  })
})

const csvish = fc.array(
  fc.constantFrom(
    '"',
    '""',
    ',',
    ';',
    '\t',
    '\n',
    '\r',
    '\r\n',
    "'",
    '=',
    '-',
    'a',
    'ä',
    ' ',
    '\0',
    'sep=',
    'email',
    '\ufeff',
  ),
  { maxLength: 60 },
)

test('random bytes and broken files are read or refused, never thrown out', { timeout: 600_000 }, () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    csvish.map((parts) => Buffer.from(parts.join(''))),
    csvish.map((parts) => Buffer.from(parts.join(''), 'utf16le')),
  )
  fc.assert(
    fc.property(bytes, (file) => {
      const { header, rows, problems } = readTable(file)
      expect(rows.every(({ row }, index) => row > (rows[index - 1]?.row ?? 0))).toBe(true)
      const ragged = rows.filter((row) => row.cells.length !== header.length).map(({ row }) => row)
      const reported = problems.filter(({ code }) => /^row-(?:short|long)$/.test(code)).map(({ row }) => row)
      expect(reported).toEqual(ragged)
    }),
    { numRuns: countRuns(5000, 120_000) },
  )
})
