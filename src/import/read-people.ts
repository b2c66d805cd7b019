import { peopleFromTable, type People, type PeopleOptions } from './people-from-table.ts'
import { readTable, type ReadOptions } from './read.ts'

export type ReadPeopleOptions = ReadOptions & PeopleOptions

export type ReadPeople = People & {
  /** As an encoding's name, e.g. `utf-8`, `windows-1252`. */
  encoding: string
  /** One character. */
  delimiter: string
}

/**
 * From the bytes of a file to people and problems: read, map, defaults, check. The same input gives the same answer.
 * Throws only `input-invalid`, for an encoding or delimiter option that makes no sense.
 */
export function readPeople(bytes: Buffer, options: ReadPeopleOptions = {}): ReadPeople {
  const table = readTable(bytes, options)
  return {
    ...peopleFromTable(table, options, table.problems),
    encoding: table.encoding,
    delimiter: table.delimiter,
  }
}
