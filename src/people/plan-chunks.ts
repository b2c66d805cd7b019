import type pg from 'pg'
import type { Tenant } from '../db/tenants.ts'
import type { Layer } from '../import/defaults.ts'
import { type ReadPeople, readPeople } from '../import/read-people.ts'
import type { Person, PersonField } from '../model/person.ts'
import type { PersonPlan } from '../plan/change.ts'
import { planPeople, planRemoval } from '../plan/plan-import.ts'
import { startRun, withSnapshot } from '../plan/snapshot.ts'
import { codecOf, type PeopleDesk } from './desk.ts'
import { type KnownPeople, readKnownPeople } from './known-people.ts'
import { readPeopleRows } from './read-people-rows.ts'
import { openSupply } from './supply.ts'
import { takeSnapshot } from './take-snapshot.ts'

/** How a file is to be read and what may happen to the people it does or does not name. */
export type ImportOptions = {
  map?: Partial<Record<PersonField, string>>
  set?: Partial<Record<PersonField, string>>
  encoding?: string | undefined
  delimiter?: string | undefined
  update?: boolean
  prune?: boolean
  adopt?: boolean
  onlyValid?: boolean
}

/** What a file says, and who is there already. */
export type OpenedImport = { read: ReadPeople; known: KnownPeople }

/** People whose plans are in memory at once: what bounds the memory of a large import. */
const CHUNK_PEOPLE = 500

/** Reads the file against the people of the tenant, inside the caller's transaction. */
export async function openImport(
  client: pg.ClientBase,
  desk: PeopleDesk,
  tenant: Tenant,
  bytes: Buffer,
  options: ImportOptions,
): Promise<OpenedImport> {
  const known = await readKnownPeople(client, tenant.id)
  const { calling_code: callingCode, ...values } = tenant.defaults as Layer['values'] & { calling_code?: string }
  const read = readPeople(bytes, {
    encoding: options.encoding,
    delimiter: options.delimiter,
    overrides: options.map,
    isKnown: known.has,
    known: { models: [...desk.models.values()].map(({ model }) => model) },
    defaults: [
      { name: 'set', values: options.set ?? {} },
      { name: 'tenant', values, ...(callingCode !== undefined && { callingCode }) },
    ],
  })
  return { read, known }
}

/**
 * Plans the people of a file chunk by chunk, those with faulty cells first. Reads only, so what the caller does with a
 * chunk before it asks for the next is up to it. @returns how many people of the tenant the file does not name
 */
export async function* planChunks(
  client: pg.ClientBase,
  desk: PeopleDesk,
  tenant: Tenant,
  { read, known }: OpenedImport,
  options: ImportOptions,
): AsyncGenerator<PersonPlan[], number> {
  const codec = codecOf(desk, tenant)
  const supply = await openSupply(client, read.people.length, desk)
  const run = startRun({
    tenant,
    models: desk.models,
    adopt: options.adopt ?? false,
    update: options.update ?? false,
    supply,
  })
  const problems = Map.groupBy(read.problems, ({ row }) => row)
  yield read.faulty.map(({ row }) => ({
    ...{ row, who: '', verdict: 'problem', changes: [], problems: problems.get(row) ?? [] },
  }))
  for (let at = 0; at < read.people.length; at += CHUNK_PEOPLE) {
    const chunk = read.people
      .slice(at, at + CHUNK_PEOPLE)
      .map((person) => (known.has(person) ? withoutDefaults(person) : person))
    const snapshot = await takeSnapshot(client, tenant.id, chunk, codec)
    yield planPeople(chunk, withSnapshot(run, snapshot))
  }
  const absent = known.userIds.filter((id) => !run.rowOfUser.has(id))
  if (options.prune) {
    const { people, devices } = await readPeopleRows(client, absent, codec)
    const snapshot = await takeSnapshot(client, tenant.id, people.map(toKeys), codec)
    yield people.map((rows) => planRemoval(rows, withSnapshot(run, { ...snapshot, devices })))
  }
  return absent.length
}

/** Enough of a person for a snapshot to show what Asterisk holds for them. */
function toKeys({ extension }: { extension: { readonly [column: string]: unknown } | null }): Person {
  return { row: 0, extension: extension ? String(extension['number']) : undefined }
}

/** Defaults complete new people; nobody who is there is changed by them. */
function withoutDefaults(person: ReadPeople['people'][number]): Person {
  const { defaulted, ...rest } = person
  if (!defaulted) return rest
  const kept = Object.entries(rest).filter(([field]) => !defaulted.includes(field as PersonField))
  return Object.fromEntries(kept) as Person
}
