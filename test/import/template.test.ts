import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeFields } from '../../src/import/field-guide.ts'
import { readPeopleFrom } from './read-people.ts'
import { readWorkbook } from '../../src/import/read-workbook.ts'
import { readTable } from '../../src/import/read.ts'
import { makeParseCell } from '../../src/import/cells.ts'
import { writeWorkbook } from '../../src/import/write-workbook.ts'
import { writeTemplate, type TemplateOptions } from '../../src/import/write-template.ts'
import { Fault } from '../../src/model/fault.ts'
import { PERSON_FIELDS } from '../../src/model/person.ts'
import { countRuns } from '../support/runs.ts'
import { randomPeople } from './random-person.ts'
import { writePeople, writePeopleWorkbook } from './write-all.ts'

const ACME: TemplateOptions = {
  ...{ roles: ['Vertrieb', 'Leitung'], locations: ['Köln'], models: ['T46U', 'D785'], groups: ['Notruf, intern'] },
  language: 'de',
}
const EMPTY: TemplateOptions = { roles: [], locations: [], models: [], groups: [] }

describe.each(['csv', 'xlsx'] as const)('a template as %s', (format) => {
  test.each([
    ['of a tenant', ACME],
    ['of an empty tenant', EMPTY],
  ])('%s can be imported as it is, in the words of the tenant', async (_name, options) => {
    const bytes = writeTemplate(format, options)
    const { roles, locations, models } = options
    const { people, problems, warnings, columns } = await readPeopleFrom(
      { kind: 'file', bytes },
      { known: { roles, locations, models } },
    )
    expect(problems).toEqual([])
    expect(warnings).toEqual([])
    expect(columns.unknown).toEqual([])
    expect(people.map(({ role, location, model }) => [role, location, model])).toEqual(
      options === ACME
        ? [
            ['Vertrieb', 'Köln', 'T46U'],
            ['Leitung', 'Köln', 'D785'],
          ]
        : [
            [undefined, undefined, undefined],
            [undefined, undefined, undefined],
          ],
    )
  })

  test('has the chosen columns, in their order', async () => {
    const bytes = writeTemplate(format, { ...ACME, fields: ['email', 'last_name', 'extension'] })
    const table = format === 'csv' ? readTable(bytes) : await readWorkbook(bytes)
    expect(table.header).toEqual(['email', 'last_name', 'extension'])
    expect(table.rows.map(({ cells }) => cells[2])).toEqual(['1001', '1002'])
  })
})

test('a workbook says in a second sheet what each column means, with the names that exist', async () => {
  const bytes = writeTemplate('xlsx', ACME)
  const guide = await readWorkbook(bytes, { sheet: 'Guidelines' })
  expect(guide.rows.slice(0, PERSON_FIELDS.length).map(({ cells }) => cells[0])).toEqual([...PERSON_FIELDS])
  const lines = new Map(guide.rows.map(({ cells }) => [cells[0], cells]))
  expect(lines.get('role')).toEqual(['role', 'What the person may do', 'Name of a role: Vertrieb, Leitung', 'Vertrieb'])
  expect((await readWorkbook(bytes)).detected.sheets).toEqual(['People', 'Guidelines'])
  expect(writeTemplate('xlsx', ACME).equals(bytes)).toBe(true)
})

test('every field is described by an example that it takes', () => {
  const parse = makeParseCell()
  for (const { field, meaning, form, example } of describeFields()) {
    expect(meaning && form && example, field).toBeTruthy()
    expect(parse(field, example), field).not.toBeInstanceOf(Fault)
  }
})

describe('exported people are the same people again', () => {
  test('from a workbook', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomPeople, async (people) => {
        const result = await readPeopleFrom({ kind: 'file', bytes: writePeopleWorkbook(people) })
        expect(result.problems).toEqual([])
        expect(result.people).toEqual(people)
      }),
      { numRuns: countRuns(60, 2000) },
    )
  })

  test.each(['toString', '__proto__', 'constructor', '_x0041_', "'=1", '="1"', 'a  b', '<b>&amp;'])(
    'from a workbook, in which somebody is called %s',
    async (text) => {
      const rows = [[text, '.']]
      const bytes = writeWorkbook([{ name: 'People', header: ['a', 'b'], rows }])
      expect((await readWorkbook(bytes)).rows).toEqual([{ row: 1, cells: [text, '.'] }])
    },
  )

  test('from a CSV that is safe from Excel', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomPeople, async (people) => {
        const bytes = writePeople(people, PERSON_FIELDS, { excelSafe: true })
        const result = await readPeopleFrom({ kind: 'file', bytes })
        expect(result.problems).toEqual([])
        expect(result.people).toEqual(people)
      }),
      { numRuns: countRuns(300, 5000) },
    )
  })

  test('and +49… stands in it as Excel leaves it', () => {
    const people = [{ row: 1, extension: '0101', did: '+49301234567', last_name: '=1+1' }]
    const csv = writePeople(people, ['extension', 'did', 'last_name'], { excelSafe: true })
    expect(csv.toString()).toContain('"=""0101""","=""+49301234567""","\'=1+1"')
  })
})
