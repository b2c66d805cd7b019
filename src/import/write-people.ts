import { PERSON_FIELDS, type Person, type PersonField } from '../model/person.ts'
import { Secret } from '../model/secret.ts'
import { type TableStyle, writeTableHead, writeTableRows } from './write-table.ts'
import { openWorkbook } from './write-workbook.ts'

/** Makes a file of people bit by bit: each call gives the bytes that come next. */
export type PeopleWriter = {
  begin(): Buffer
  add(people: Iterable<Person>): Buffer
  end(): Buffer
}

const SHEET = 'People'

/** A file that an import reads back as the same people; PINs and passwords stay out. */
export function openPeopleTable(fields: readonly PersonField[] = PERSON_FIELDS, style: TableStyle = {}): PeopleWriter {
  return {
    begin: () => writeTableHead(fields),
    add: (people) => writeTableRows(writeRows(people, fields), style),
    end: () => Buffer.alloc(0),
  }
}

/** As {@link openPeopleTable}, as a workbook of texts, from which no spreadsheet program takes zeros or a `+`. */
export function openPeopleWorkbook(fields: readonly PersonField[] = PERSON_FIELDS): PeopleWriter {
  const workbook = openWorkbook([SHEET])
  return {
    begin: () => workbook.sheet({ name: SHEET, header: fields }),
    add: (people) => workbook.add(writeRows(people, fields)),
    end: () => workbook.end(),
  }
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
