import type { Queryable } from '../db/pool.ts'
import type { Person } from '../model/person.ts'
import type { PersonKeys } from '../plan/renumber.ts'

/** Who is in a tenant, as far as an import must know before it reads further. */
export type KnownPeople = { userIds: number[]; keys: readonly PersonKeys[]; has: (person: Person) => boolean }

/** The three keys of everybody in the tenant: enough to tell new people from known ones. */
export async function readKnownPeople(client: Queryable, tenantId: number): Promise<KnownPeople> {
  const { rows } = await client.query<PersonKeys>(
    `select u.id, u.external_id, u.email, e.number from users u left join extensions e on e.user_id = u.id
     where u.tenant_id = $1`,
    [tenantId],
  )
  const keys = {
    externalIds: new Set(rows.map((row) => row.external_id)),
    emails: new Set(rows.map((row) => row.email)),
    numbers: new Set(rows.map((row) => row.number)),
  }
  const ids = new Set(rows.map(({ id }) => id))
  return {
    userIds: [...ids],
    keys: rows,
    has: ({ user_id, external_id, email, extension }) =>
      Boolean(
        (user_id !== undefined && ids.has(user_id)) ||
        (external_id && keys.externalIds.has(external_id)) ||
        (email && keys.emails.has(email)) ||
        (extension && keys.numbers.has(extension)),
      ),
  }
}
