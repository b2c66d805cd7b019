import { peopleFromTable, type People, type PeopleOptions } from '../../src/import/people-from-table.ts'
import { readSource, type Source, type SourceOptions } from '../../src/import/read-source.ts'
import { readTable, type ReadOptions } from '../../src/import/read.ts'
import type { Detected } from '../../src/import/table.ts'

export type ReadPeopleOptions = ReadOptions & PeopleOptions

export type ReadPeople = People & { detected: Detected }

/**
 * From the bytes of a text file to people and problems: read, map, defaults, check. The same input gives the same
 * answer. Throws only `input-invalid`, for an encoding or delimiter option that makes no sense.
 */
export function readPeople(bytes: Buffer, options: ReadPeopleOptions = {}): ReadPeople {
  const table = readTable(bytes, options)
  return { ...peopleFromTable(table, options, table.problems), detected: table.detected }
}

/**
 * As {@link readPeople}, from any source: text tables, workbooks, pasted tables, rows by API.
 * Rejects only with `input-invalid`.
 */
export async function readPeopleFrom(source: Source, options: SourceOptions & PeopleOptions = {}): Promise<ReadPeople> {
  const table = await readSource(source, options)
  return { ...peopleFromTable(table, options, table.problems), detected: table.detected }
}
