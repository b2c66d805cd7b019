import type { Person } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { Change } from './change.ts'
import type { PersonRows } from './person-rows.ts'
import type { PlanRun } from './snapshot.ts'

/** By what a row can recognise somebody who is there, and the number that they have. */
export type PersonKeys = { id: number; external_id: string | null; email: string | null; number: string | null }

/** A number that its holder gives up in this very import, in favour of another row. */
export type FreedNumber = { holder: number; row: number; granted: boolean }

/**
 * Numbers that change hands within one list: people swap, or somebody new gets the number of somebody who moves away.
 * Who gives up a number is recognised by id, external id or e-mail, never by the number itself.
 */
export function findFreedNumbers(people: readonly Person[], known: readonly PersonKeys[]): Map<string, FreedNumber> {
  const wanted = new Set(people.flatMap(({ extension }) => extension ?? []))
  const held = known.filter(({ number }) => number !== null && wanted.has(number))
  const by = <K extends keyof PersonKeys>(key: K) => new Map(held.map((person) => [person[key], person]))
  const [byId, byExternalId, byEmail] = [by('id'), by('external_id'), by('email')]
  const freed = new Map<string, FreedNumber>()
  for (const { row, extension, user_id, external_id, email } of people) {
    if (extension === undefined) continue
    const holder =
      (user_id && byId.get(user_id)) || (external_id && byExternalId.get(external_id)) || (email && byEmail.get(email))
    if (holder && holder.number !== extension) freed.set(holder.number!, { holder: holder.id, row, granted: true })
  }
  return freed
}

/** Why a row cannot have the number that it counts on, or null. */
export function findStillHeld(person: Person, current: PersonRows | null, run: PlanRun): Problem | null {
  const freed = typeof person.extension === 'string' ? run.freed.get(person.extension) : undefined
  if (!freed || current?.user['id'] === freed.holder || (freed.granted && (current || run.update))) return null
  return {
    row: person.row,
    field: 'extension',
    code: 'number-not-freed',
    message: `${person.extension!} stays with its holder as long as row ${freed.row} is not applied`,
    suggestion: freed.granted ? 'Apply changes to people who exist too: --update.' : `Correct row ${freed.row} first.`,
  }
}

/** Without these rows, which turned out to be faulty, whose numbers are not freed after all? Faults spread along. */
export function revoke(
  freed: ReadonlyMap<string, FreedNumber>,
  people: readonly Person[],
  faulty: ReadonlySet<number>,
) {
  const left = new Map(freed)
  const stuck = new Set(faulty)
  for (let before = -1; before !== stuck.size;) {
    before = stuck.size
    for (const [number, entry] of left) if (stuck.has(entry.row)) left.set(number, { ...entry, granted: false })
    for (const { row, extension } of people)
      if (typeof extension === 'string' && left.get(extension)?.granted === false) stuck.add(row)
  }
  return left
}

/** Keys on phones and profiles that show somebody's number show the new one. */
export function moveKeys(current: PersonRows | null, rows: PersonRows, run: PlanRun): Change[] {
  const [old, number] = [current?.extension?.['number'], rows.extension?.['number']]
  if (!old || !number || old === number) return []
  const kept = new Set(rows.keys.map((key) => key['id']))
  const gone = new Set(current!.keys.flatMap((key) => (kept.has(key['id']) ? [] : [key['id']])))
  return run.snapshot.keys
    .filter((key) => key['value'] === old && !gone.has(key['id']))
    .map((key) => ({ table: 'offhook.keys', key: String(key['id']), before: key, after: { ...key, value: number } }))
}
