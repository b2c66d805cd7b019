import { PERSON_FIELDS, type Person, type PersonField } from '../model/person.ts'
import { Secret } from '../model/secret.ts'
import { writeTable, type TableStyle } from './write-table.ts'
import { writeWorkbook } from './write-workbook.ts'

/** Writes people as a file that {@link readPeople} reads back as the same people; PINs and passwords stay out. */
export function writePeople(
  people: Iterable<Person>,
  fields: readonly PersonField[] = PERSON_FIELDS,
  style: TableStyle = {},
): Buffer {
  return writeTable(fields, writeRows(people, fields), style)
}

/** As {@link writePeople}, as a workbook of texts, from which no spreadsheet program takes zeros or a `+`. */
export async function writePeopleWorkbook(
  people: Iterable<Person>,
  fields: readonly PersonField[] = PERSON_FIELDS,
): Promise<Buffer> {
  return await writeWorkbook([{ name: 'People', header: fields, rows: writeRows(people, fields) }])
}

function* writeRows(people: Iterable<Person>, fields: readonly PersonField[]): Generator<string[]> {
  for (const person of people) yield fields.map((field) => writeCell(person[field]))
}

/** Absent values and secrets as an empty cell, which keeps what is there; null as `-`, which clears. */
export function writeCell(value: Person[PersonField]): string {
  if (value === undefined || value instanceof Secret) return ''
  if (value === null) return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value : value.join(', ')
}
