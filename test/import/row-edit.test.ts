import { describe, expect, test } from 'vitest'
import { readPeople, type ReadPeopleOptions } from './read-people.ts'
import type { RowEdit } from '../../src/import/row-edit.ts'

function read(lines: string[], edits: Record<number, RowEdit>, options: ReadPeopleOptions = {}) {
  const byRow = new Map(Object.entries(edits).map(([row, edit]) => [Number(row), edit]))
  return readPeople(Buffer.from(lines.join('\n')), { ...options, edits: byRow })
}

describe('an edited row', () => {
  const lines = ['ext,Name,email', '1,Anna Berg,anna@', '1002,Otto Kern,otto@example.org']

  test('counts with the corrected texts, also of fields without a column, and keeps the others', () => {
    const result = read(lines, { 1: { values: { extension: '1001', email: 'anna@example.org', desk: 'A1' } } })
    expect(result.problems).toEqual([])
    expect(result.people[0]).toEqual({
      ...{ row: 1, extension: '1001', first_name: 'Anna', last_name: 'Berg', email: 'anna@example.org', desk: 'A1' },
    })
    expect(result.people[1]).toMatchObject({ row: 2, extension: '1002' })
  })

  test('may be wrong again', () => {
    const { problems } = read(lines, { 1: { values: { extension: 'x', email: 'y' } } })
    expect(problems.map(({ row, code }) => `${row} ${code}`)).toEqual(['1 extension-invalid', '1 email-invalid'])
  })

  test('can be emptied, cleared and compared with other rows like any other', () => {
    expect(read(lines, { 2: { values: { email: '-' } } }).people[0]).toMatchObject({ row: 2, email: null })
    expect(read(lines, { 2: { values: { email: ' ' } } }).people[0]).not.toHaveProperty('email')
    const codes = read(lines, { 1: { values: { extension: '1002', email: '' } } }).problems.map(({ code }) => code)
    expect(codes).toEqual(['duplicate-extension', 'duplicate-extension'])
  })

  test('has the corrected half of its name and the other half of the whole one', () => {
    const { people } = read(lines, { 2: { values: { last_name: 'von Kern' } } })
    expect(people[0]).toMatchObject({ first_name: 'Otto', last_name: 'von Kern' })
  })

  test('chooses the location whose defaults count', () => {
    const { people } = read(
      ['ext,name,location', '1001,Anna,Berlin'],
      { 1: { values: { location: 'Wien' } } },
      { defaults: [{ name: 'location', location: 'Wien', values: { timezone: 'Europe/Vienna' } }] },
    )
    expect(people[0]).toMatchObject({ location: 'Wien', timezone: 'Europe/Vienna' })
  })

  test('is whole again once every column has a new text', () => {
    const shifted = ['ext,first_name,last_name', '1001,Berg,,Anna']
    const values = { extension: '1001', first_name: 'Anna' }
    expect(read(shifted, { 1: { values } }).problems.map(({ code }) => code)).toEqual(['row-long'])
    const wrong = read(shifted, { 1: { values: { ...values, last_name: '\0' } } })
    expect(JSON.stringify(wrong.faulty)).not.toContain('Berg')
    const cured = read(shifted, { 1: { values: { ...values, last_name: 'Berg' } } })
    expect(cured.problems).toEqual([])
    expect(cured.people).toEqual([{ row: 1, extension: '1001', first_name: 'Anna', last_name: 'Berg' }])
  })
})

test('a skipped row is counted, and nothing of it is a problem, not even for others', () => {
  const lines = ['ext,name', '1001,Anna', '1001,Otto,zu viel', '1001,Ida']
  const result = read(lines, { 2: { skip: true }, 3: { skip: true } })
  expect(result).toMatchObject({ problems: [], faulty: [], rows: 1, skipped: 2 })
  expect(result.people.map(({ row }) => row)).toEqual([1])
})

test('a row that the table does not have is a new person, in its place', () => {
  const lines = ['ext,name', '1001,Anna', ',', '1003,Otto']
  const result = read(lines, {
    9: { values: { extension: '1', first_name: 'Eva' } },
    2: { values: { extension: '1002', first_name: 'Ida' } },
    7: { values: { extension: ' ' } },
    8: { values: { extension: '1008' }, skip: true },
  })
  expect(result.people.map(({ row, extension }) => `${row} ${extension}`)).toEqual(['1 1001', '2 1002', '3 1003'])
  expect(result.problems.map(({ row, code }) => `${row} ${code}`)).toEqual(['9 extension-invalid'])
  expect(result).toMatchObject({ rows: 4, skipped: 0 })
})
