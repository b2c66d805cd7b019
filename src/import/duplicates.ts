import type { Person, PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'

/** What two people cannot share, and how to name it. The key of a row; null when it has none. */
type Unique = { field: PersonField; code: string; noun: string; keyOf: (person: Person) => string | null | undefined }

const UNIQUE: readonly Unique[] = [
  { field: 'external_id', code: 'duplicate-external-id', noun: 'External id', keyOf: (person) => person.external_id },
  { field: 'extension', code: 'duplicate-extension', noun: 'Extension', keyOf: (person) => person.extension },
  { field: 'email', code: 'duplicate-email', noun: 'E-mail address', keyOf: (person) => person.email },
  { field: 'username', code: 'duplicate-username', noun: 'User name', keyOf: (person) => person.username },
  { field: 'did', code: 'duplicate-did', noun: 'Number', keyOf: (person) => person.did },
  { field: 'mac', code: 'duplicate-mac', noun: 'Phone', keyOf: nameLine },
]
const MAX_NAMED = 3

/** Finds what several rows of one file claim; the problem stands on every one of them. */
export function findDuplicates(people: readonly Person[]): Problem[] {
  return UNIQUE.flatMap((unique) => findShared(unique, people))
}

function findShared({ field, code, noun, keyOf }: Unique, people: readonly Person[]): Problem[] {
  const rowsByKey = new Map<string, number[]>()
  for (const person of people) {
    const key = keyOf(person)
    if (typeof key !== 'string') continue
    const rows = rowsByKey.get(key)
    if (rows) rows.push(person.row)
    else rowsByKey.set(key, [person.row])
  }
  const shared = [...rowsByKey].filter(([, rows]) => rows.length > 1)
  return shared.flatMap(([key, rows]) =>
    rows.map((row) => ({
      row,
      field,
      code,
      message: `${noun} ${key} is also in ${nameOthers(row, rows)}`,
      suggestion: 'Keep it in one of the rows',
    })),
  )
}

function nameLine(person: Person): string | null {
  return typeof person.mac !== 'string' ? null : `${person.mac}, line ${person.line ?? 1}`
}

function nameOthers(row: number, rows: readonly number[]): string {
  const named: number[] = []
  for (const other of rows) {
    if (other !== row) named.push(other)
    if (named.length === MAX_NAMED) break
  }
  const more = rows.length - 1 - named.length
  const list = `${named.length === 1 ? 'row' : 'rows'} ${named.join(', ')}`
  return more > 0 ? `${list} and ${more} more` : list
}
