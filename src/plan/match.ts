import type { Person } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { PersonRows } from './person-rows.ts'
import type { FreedNumber } from './renumber.ts'

/** Existing people by each key that an import may recognise them by. */
export type People = {
  all: PersonRows[]
  byId: Map<number, PersonRows>
  byExternalId: Map<string, PersonRows>
  byEmail: Map<string, PersonRows>
  byExtension: Map<string, PersonRows>
  byUsername: Map<string, PersonRows>
}

export function indexPeople(all: PersonRows[]): People {
  const by = (read: (rows: PersonRows) => unknown) =>
    new Map(all.flatMap((rows) => (typeof read(rows) === 'string' ? [[read(rows) as string, rows] as const] : [])))
  return {
    all,
    byId: new Map(all.map((rows) => [Number(rows.user['id']), rows])),
    byExternalId: by((rows) => rows.user['external_id']),
    byEmail: by((rows) => rows.user['email']),
    byExtension: by((rows) => rows.extension?.['number']),
    byUsername: by((rows) => rows.user['username']),
  }
}

/**
 * Finds the existing person a row means: by the user's id where the row states it, which leaves the keys to be changed;
 * else by external id, then e-mail, then extension. A later key may name nobody or the same person; one that names
 * somebody else is a problem, for writing would mix two people. A number whose holder moves away in the same import
 * names nobody any more.
 */
export function matchPerson(
  person: Person,
  people: People,
  freed: ReadonlyMap<string, FreedNumber> = new Map(),
): PersonRows | null | Problem {
  const stated = person.user_id === undefined ? undefined : people.byId.get(person.user_id)
  if (person.user_id !== undefined && !stated) return unknownUser(person.row, person.user_id)
  const found = [
    ['id', stated],
    ['external_id', person.external_id && people.byExternalId.get(person.external_id)],
    ['email', person.email && people.byEmail.get(person.email)],
    ['extension', person.extension && !freed.has(person.extension) && people.byExtension.get(person.extension)],
  ] as const
  const [first, ...others] = found.filter(([, rows]) => rows)
  if (!first) return null
  const contradiction = others.find(([, rows]) => rows !== first[1])
  if (!contradiction) return first[1] as PersonRows
  const place = { row: person.row, field: contradiction[0], code: 'keys-disagree' }
  if (first[0] === 'id') {
    const holder = describeUser(contradiction[1] as PersonRows)
    const message = `${contradiction[0]} ${String(person[contradiction[0] as 'extension'])} belongs to ${holder}`
    return { ...place, message, suggestion: `Another ${contradiction[0]}, or change theirs first.` }
  }
  return {
    ...place,
    message: `${first[0]} belongs to ${describeUser(first[1] as PersonRows)}, ${contradiction[0]} to ${describeUser(contradiction[1] as PersonRows)}`,
    suggestion: `Correct ${contradiction[0]}, or leave it empty.`,
  }
}

function unknownUser(row: number, id: number): Problem {
  const message = `there is no user with the id ${id}`
  return { row, field: '', code: 'user-unknown', message, suggestion: 'Look the id up in the list of users.' }
}

export function describeUser(rows: PersonRows): string {
  const number = rows.extension?.['number']
  return `${String(rows.user['username'])}${typeof number === 'string' ? ` (${number})` : ''}`
}
