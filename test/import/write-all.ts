import { openPeopleTable, openPeopleWorkbook, type PeopleWriter } from '../../src/import/write-people.ts'
import type { Person } from '../../src/model/person.ts'

/** The whole file at once. */
export function writePeople(people: Iterable<Person>, ...style: Parameters<typeof openPeopleTable>): Buffer {
  return writeAll(openPeopleTable(...style), people)
}

export function writePeopleWorkbook(people: Iterable<Person>): Buffer {
  return writeAll(openPeopleWorkbook(), people)
}

function writeAll(writer: PeopleWriter, people: Iterable<Person>): Buffer {
  return Buffer.concat([writer.begin(), writer.add(people), writer.end()])
}
