import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import writeWorkbook from 'write-excel-file/node'
import { readPeopleFrom } from './read-people.ts'
import { readSource, type SourceOptions } from '../../src/import/read-source.ts'
import { packZip, unpackZip } from '../../src/import/zip-archive.ts'
import { countRuns } from '../support/runs.ts'
import { number, row, text, workbook, workbookParts } from './workbook.ts'

function read(bytes: Buffer, options?: SourceOptions) {
  return readSource({ kind: 'file', bytes }, options)
}

async function cells(sheetData: string, options?: SourceOptions) {
  const table = await read(workbook(row(1, text('A1', 'a') + text('B1', 'b')) + sheetData), options)
  return table.rows.map((line) => line.cells)
}

describe('a workbook', () => {
  test('that another program wrote is read by its content, whatever its name', async () => {
    const written = writeWorkbook([
      [{ value: 'Nebenstelle' }, { value: 'Name' }, { value: 'E-Mail' }, { value: 'Telefonie' }],
      [{ value: 1001 }, { value: 'Änne Berg' }, { value: 'aenne@example.org' }, { value: true }],
    ])
    const { people, problems, detected } = await readPeopleFrom({ kind: 'file', bytes: await written.toBuffer() })
    expect(problems).toEqual([])
    expect(people).toMatchObject([{ row: 1, extension: '1001', email: 'aenne@example.org', telephony: true }])
    expect(detected).toEqual({
      ...{ format: 'xlsx', encoding: null, delimiter: null },
      ...{ sheet: 'Sheet1', sheets: ['Sheet1'], headerRow: 1 },
    })
  })

  const values: [string, string, string[]][] = [
    ['a number is its digits', number('A2', '1001') + number('B2', '493012345678'), ['1001', '493012345678']],
    ['a number with exponent too', number('A2', '4.93012345678E11'), ['493012345678', '']],
    ['more than 15 digits show that some are lost', number('A2', '1234567890123456'), ['1.234567890123456E+15', '']],
    ['and so does what a MAC address became', number('A2', '1.5E+20'), ['1.5E+20', '']],
    ['a fraction stays', number('A2', '12.5'), ['12.5', '']],
    ['yes and no', '<c r="A2" t="b"><v>1</v></c><c r="B2" t="b"><v>0</v></c>', ['yes', 'no']],
    [
      'a date',
      '<c r="A2" s="1"><v>45292</v></c><c r="B2" s="1"><v>45292.5</v></c>',
      ['2024-01-01', '2024-01-01 12:00:00'],
    ],
    [
      'the value of a formula',
      '<c r="A2"><f>1000+1</f><v>1001</v></c><c r="B2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
      ['1001', 'ab'],
    ],
    ['rich text', '<c r="A2" t="s"><v>1</v></c>', ['Anna Berg', '']],
    ['the error of a formula is told', '<c r="A2" t="e"><f>NA()</f><v>#N/A</v></c>', ['#N/A', '']],
    ['an apostrophe that guards is taken back', text('A2', "'+49301234567"), ['+49301234567', '']],
    ['leading zeros of text stay', text('A2', '0049301'), ['0049301', '']],
  ]
  test.each(values)('%s', async (_name, second, expected) => {
    expect(await cells(row(2, second))).toEqual([expected])
  })

  test('lost leading zeros and rounded numbers end as problems of their cells', async () => {
    const header = row(1, text('A1', 'Extension') + text('B1', 'Name') + text('C1', 'MAC') + text('D1', 'Model'))
    const first = row(2, number('A2', '1001') + text('B2', 'Ada') + number('C2', '1565123456') + text('D2', 'x'))
    const second = row(3, number('A3', '1002') + text('B3', 'Ben') + number('C3', '1.5E+20') + text('D3', 'x'))
    const { problems } = await readPeopleFrom({ kind: 'file', bytes: workbook(header + first + second) })
    expect(problems).toMatchObject([
      { row: 1, field: 'mac', code: 'mac-damaged' },
      { row: 2, field: 'mac', code: 'mac-damaged' },
    ])
  })

  test('errors of formulas and rounded ids are problems of their cells, in text files too', async () => {
    const header = row(1, text('A1', 'Extension') + text('B1', 'Name') + text('C1', 'Personalnummer'))
    const failed = row(2, number('A2', '1001') + '<c r="B2" t="e"><v>#REF!</v></c>' + number('C2', '12345678901234567'))
    const expected = [
      { row: 1, field: 'external_id', code: 'external-id-damaged' },
      { row: 1, field: 'first_name', code: 'formula-error' },
    ]
    const { problems } = await readPeopleFrom({ kind: 'file', bytes: workbook(header + failed) })
    expect(problems.filter(({ field }) => field !== 'last_name')).toMatchObject(expected)
    const csv = Buffer.from('Extension,Vorname,Personalnummer\n1001,#NAME?,1.23457E+16\n')
    expect((await readPeopleFrom({ kind: 'file', bytes: csv })).problems).toMatchObject(expected)
  })

  test('empty rows count, so that a row number is the line in the sheet', async () => {
    const table = await read(
      workbook(row(3, text('A3', 'Extension')) + row(4, number('A4', '1')) + row(9, number('A9', '2'))),
    )
    expect(table.detected.headerRow).toBe(3)
    expect(table.rows).toEqual([
      { row: 1, cells: ['1'] },
      { row: 6, cells: ['2'] },
    ])
  })

  test('has sheets, of which one can be chosen', async () => {
    const bytes = workbook(row(1, text('A1', 'Extension')) + row(2, text('A2', 'first')), ['People', 'R &amp; D'])
    expect(await read(bytes)).toMatchObject({ detected: { sheet: 'People', sheets: ['People', 'R & D'] } })
    expect(await read(bytes, { sheet: 'r & d' })).toMatchObject({
      rows: [{ cells: ['on R &amp; D'.replace('&amp;', '&')] }],
    })
    const { problems } = await read(bytes, { sheet: 'Leute' })
    expect(problems).toMatchObject([{ row: 0, code: 'sheet-unknown', suggestion: 'One of “People”, “R & D”' }])
  })
})

describe('a workbook beyond the limits is refused:', () => {
  const far = [text('A1', 'a'), `<c r="XFD1"><v>1</v></c>`].join('')
  const cases: [string, Buffer, string][] = [
    ['too many columns', workbook(row(1, far)), 'too-many-columns'],
    ['too many rows', workbook(row(1, text('A1', 'a')) + row(1_048_576, number('A1048576', '1'))), 'too-many-rows'],
    [
      'a row number in another notation',
      workbook(row(1, text('A1', 'a')) + `<row r='1e9'>${number('A1', '1')}</row>`),
      'too-many-rows',
    ],
    ['one that hides', workbook(`<row r="&#49;0000000">${number('A1', '1')}</row>`), 'too-many-rows'],
    [
      'a table of gaps',
      workbook(row(1, number('GR1', '1')) + row(100_000, number('A100000', '1'))),
      'sheet-too-sparse',
    ],
    ['a long cell', workbook(row(1, text('A1', 'Extension')) + row(2, text('A2', 'x'.repeat(2001)))), 'cell-too-long'],
    ['nothing', workbook(''), 'file-empty'],
    ['no workbook', packZip(new Map([['readme.txt', Buffer.from('hello')]])), 'file-broken'],
    ['half a workbook', workbook(row(1, text('A1', 'a'))).subarray(0, 900), 'file-broken'],
    ['a broken sheet', workbook('<row r="1"><c r="A1"><v>1</row>'), 'file-broken'],
    ['a missing sheet', packZip(without(workbookParts(''), 'xl/worksheets/sheet1.xml')), 'file-broken'],
  ]
  test.each(cases)('%s', async (_name, bytes, code) => {
    const { problems } = await read(bytes)
    expect(problems.map((problem) => problem.code)).toContain(code)
    for (const { message, suggestion } of problems) expect(message && suggestion).toBeTruthy()
  })

  test('far cells that hold only a format are no cells', async () => {
    const table = row(1, text('A1', 'Extension')) + row(2, number('A2', '1001'))
    const format =
      '<row r="1048576" ht="12.8" customFormat="false"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"></c></row>'
    expect(await read(workbook(table + format))).toMatchObject({ rows: [{ row: 1, cells: ['1001'] }], problems: [] })
  })

  test('a bomb, before it is unpacked, and although it claims to be small', async () => {
    const parts = workbookParts('')
    parts.set('xl/sharedStrings.xml', Buffer.alloc(150_000_000, ' '))
    const bomb = deflateZip(parts)
    expect(bomb.length).toBeLessThan(500_000)
    const startedMs = performance.now()
    const { problems } = await read(bomb)
    expect(problems).toMatchObject([
      { row: 0, code: 'file-too-large', message: expect.stringMatching(/unpacks to more/) as string },
    ])
    expect(performance.now() - startedMs).toBeLessThan(15_000)
  })

  const length = 2_000_000
  const open = '<worksheet><sheetData><row r="1">'
  const hostile: [string, string][] = [
    ['a text without end', `${open}<c r="A1" t="inlineStr"><is><t>${'x'.repeat(length)}`],
    ['a comment without end', `${open}<!--${'x'.repeat(length)}`],
    ['an endless tag', `${open}<c ${'a="1" '.repeat(length / 6)}/>`],
    ['elements without end', `${open}${'<a>'.repeat(length / 3)}`],
    ['bare brackets', `${open}${'<'.repeat(length)}`],
    ['blanks in an address', `${open}<c r${' '.repeat(length)}="A1"/>`],
    ['an open quote', `${open}<c r="${'>'.repeat(length)}`],
  ]
  test.each(hostile)('%s in its XML, at once', async (_name, xml) => {
    for (const part of ['xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml']) {
      const bytes = packZip(new Map([...workbookParts(row(1, text('A1', 'a'))), [part, Buffer.from(xml)]]))
      const startedMs = performance.now()
      expect((await read(bytes)).problems).toMatchObject([{ row: 0, code: 'file-broken' }])
      expect(performance.now() - startedMs).toBeLessThan(15_000)
    }
  })

  test('one with a password, an old one, a PDF and a gzip archive, each by name and with a cure', async () => {
    const encrypted = workbook(row(1, text('A1', 'a')))
    // The flag of every entry of the directory.
    for (let at = encrypted.indexOf('PK\x01\x02'); at >= 0; at = encrypted.indexOf('PK\x01\x02', at + 4))
      encrypted[at + 8] = 1
    expect((await read(encrypted)).problems).toMatchObject([{ code: 'file-encrypted' }])
    for (const start of ['d0cf11e0a1b11ae1', '255044462d312e37', '1f8b0800']) {
      const { problems } = await read(Buffer.from(start, 'hex'))
      expect(problems).toMatchObject([{ row: 0, code: 'file-not-a-table' }])
    }
  })
})

test('a ZIP archive unpacks to what was packed', () => {
  const files = fc.dictionary(fc.string({ minLength: 1 }), fc.uint8Array({ maxLength: 500 }))
  fc.assert(
    fc.property(files, fc.boolean(), (contents, isDeflated) => {
      const packed = new Map(Object.entries(contents).map(([name, bytes]) => [name, Buffer.from(bytes)]))
      const archive = isDeflated ? deflateZip(packed) : packZip(packed)
      expect(unpackZip(archive, () => true, 1e6)).toEqual(packed)
    }),
    { numRuns: countRuns(200, 20_000) },
  )
})

test('random and damaged workbooks are read or refused, never thrown out', { timeout: 600_000 }, async () => {
  const valid = deflateZip(
    workbookParts(
      row(1, text('A1', 'Extension') + text('B1', 'Name')) + row(2, number('A2', '1001') + text('B2', 'Ada')),
    ),
  )
  const xmlPiece = fc.constantFrom(
    '<row r="2">',
    '</row>',
    '<c r="A2">',
    '<c r="B2" t="s">',
    '</c>',
    '<v>',
    '</v>',
    '1',
    '99',
    '<',
    '&',
    '"',
    '<!--',
    ']]>',
    '<![CDATA[',
    '&#0;',
    'é',
    '\0',
    '<c/>',
    '<c t="e" r="C1"/>',
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.concat([Buffer.from('PK\x03\x04'), array])),
    fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }).map((changes) => {
      const copy = Buffer.from(valid)
      for (const [at, value] of changes) copy[at] = value
      return copy
    }),
    fc.nat(valid.length).map((length) => valid.subarray(0, length)),
    fc.array(xmlPiece, { maxLength: 20 }).map((pieces) => workbook(pieces.join(''))),
    fc.tuple(fc.constantFrom(...workbookParts('').keys()), fc.string({ maxLength: 60 })).map(([name, xml]) => {
      return packZip(new Map([...workbookParts(row(1, text('A1', 'a'))), [name, Buffer.from(xml)]]))
    }),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (file) => {
      const { people, faulty, rows, problems } = await readPeopleFrom({ kind: 'file', bytes: file })
      expect(people.length + faulty.length).toBe(rows)
      expect(problems.length > 0 || rows > 0).toBe(true)
    }),
    { numRuns: countRuns(1500, 60_000) },
  )
})

function without(parts: Map<string, Buffer>, name: string): Map<string, Buffer> {
  parts.delete(name)
  return parts
}

/** As {@link packZip}, compressed, and lying about the size of what is in it. */
function deflateZip(files: ReadonlyMap<string, Buffer>): Buffer {
  const archive = packZip(new Map([...files].map(([name, file]) => [name, deflateRawSync(file)])))
  const entries = archive.readUInt16LE(archive.length - 12)
  for (let at = archive.readUInt32LE(archive.length - 6), left = entries; left > 0; left -= 1) {
    archive.writeUInt16LE(8, at + 10)
    archive.writeUInt32LE(1, at + 24)
    at += 46 + archive.readUInt16LE(at + 28)
  }
  return archive
}
