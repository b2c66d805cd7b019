import type pg from 'pg'
import type { Tenant } from '../db/tenants.ts'
import { type ReadPeople, readPeople, type ReadPeopleOptions } from '../import/read-people.ts'
import type { Layer } from '../import/defaults.ts'
import type { Person, PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { PersonPlan } from '../plan/change.ts'
import { planImport, planRemoval } from '../plan/plan-import.ts'
import { codecOf, type PeopleDesk } from './desk.ts'
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

export type PlannedImport = { read: ReadPeople; people: PersonPlan[]; problems: Problem[]; missing: number }

/** From bytes to a plan, inside the caller's transaction. Reads only. */
export async function planPeople(
  client: pg.ClientBase,
  desk: PeopleDesk,
  tenant: Tenant,
  bytes: Buffer,
  options: ImportOptions,
): Promise<PlannedImport> {
  const known = await readKnownKeys(client, tenant.id)
  const read = readPeople(bytes, toReadOptions(desk, tenant, options, known.has))
  const codec = codecOf(desk, tenant)
  const people = read.people.map((person) => (known.has(person) ? withoutDefaults(person) : person))
  const snapshot = await takeSnapshot(client, tenant.id, people, codec)
  const supply = await openSupply(client, people.length, desk.installation)
  const planOptions = { tenant, models: desk.models, adopt: options.adopt ?? false, supply }
  const plans = planImport(people, snapshot, planOptions)
  const faulty = read.faulty.map(({ row }): PersonPlan => {
    const problems = read.problems.filter((problem) => problem.row === row)
    return { row, who: '', verdict: 'problem', changes: [], problems }
  })
  const matched = new Set(snapshot.people.map(({ user }) => Number(user['id'])))
  const absent = known.userIds.filter((id) => !matched.has(id))
  const removals = options.prune
    ? (await readPeopleRows(client, absent, codec)).people.map((rows) =>
        planRemoval(rows, { tenant, supply, snapshot }),
      )
    : []
  return {
    read,
    people: [...plans, ...faulty].sort((a, b) => a.row - b.row).concat(removals),
    problems: [...read.problems, ...plans.flatMap(({ problems }) => problems)].sort((a, b) => a.row - b.row),
    missing: absent.length,
  }
}

function toReadOptions(
  desk: PeopleDesk,
  tenant: Tenant,
  options: ImportOptions,
  isKnown: (person: Person) => boolean,
): ReadPeopleOptions {
  const { calling_code: callingCode, ...values } = tenant.defaults as Layer['values'] & { calling_code?: string }
  return {
    encoding: options.encoding,
    delimiter: options.delimiter,
    overrides: options.map,
    isKnown,
    known: { models: [...desk.models.values()].map(({ model }) => model) },
    defaults: [
      { name: 'set', values: options.set ?? {} },
      { name: 'tenant', values, ...(callingCode !== undefined && { callingCode }) },
    ],
  }
}

/** Defaults complete new people; nobody who is there is changed by them. */
function withoutDefaults(person: ReadPeople['people'][number]): Person {
  const { defaulted, ...rest } = person
  if (!defaulted) return rest
  return Object.fromEntries(
    Object.entries(rest).filter(([field]) => !defaulted.includes(field as PersonField)),
  ) as Person
}

/** The three keys of everybody in the tenant: enough to tell new people from known ones. */
async function readKnownKeys(client: pg.ClientBase, tenantId: number) {
  const { rows } = await client.query<{
    id: number
    external_id: string | null
    email: string | null
    number: string | null
  }>(
    `select u.id, u.external_id, u.email, e.number from users u left join extensions e on e.user_id = u.id
     where u.tenant_id = $1`,
    [tenantId],
  )
  const keys = new Set(rows.flatMap((row) => [`i${row.external_id}`, `e${row.email}`, `n${row.number}`]))
  return {
    userIds: [...new Set(rows.map(({ id }) => id))],
    has: (person: Person): boolean =>
      [
        person.external_id && `i${person.external_id}`,
        person.email && `e${person.email}`,
        person.extension && `n${person.extension}`,
      ].some((key) => typeof key === 'string' && keys.has(key)),
  }
}
