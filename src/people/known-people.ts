import type { Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Person } from '../model/person.ts'
import type { PersonKeys } from '../plan/renumber.ts'

/** Who is in a tenant, as far as an import must know before it reads further. */
export type KnownPeople = {
  userIds: number[]
  keys: readonly PersonKeys[]
  has: (person: Person) => boolean
  /** Everybody whom these people may mean, or whose user name they may ask for. */
  findMeant: (people: readonly Person[]) => number[]
  /** Phones that somebody will have beside the one of their row, which takes the place of an only one. */
  countPhones: (person: Person) => number
}

/** The keys of everybody in the tenant: enough to tell new people from known ones. */
export async function readKnownPeople(client: Queryable, tenant: Tenant): Promise<KnownPeople> {
  const { rows } = await client.query<PersonKeys & { username: string }>(
    `select u.id, u.external_id, u.email, u.username, e.number
     from users u left join extensions e on e.user_id = u.id where u.tenant_id = $1 order by u.id`,
    [tenant.id],
  )
  const ids = new Set(rows.map(({ id }) => id))
  const by = (key: 'external_id' | 'email' | 'number' | 'username') =>
    new Map(rows.flatMap((row) => (row[key] === null ? [] : [[row[key], row.id] as const])))
  const [byExternalId, byEmail, byNumber, byUsername] = [by('external_id'), by('email'), by('number'), by('username')]
  const find = ({ user_id, external_id, email, extension }: Person): number | undefined =>
    (user_id !== undefined && ids.has(user_id) ? user_id : undefined) ??
    byExternalId.get(external_id ?? '') ??
    byEmail.get(email ?? '') ??
    byNumber.get(extension ?? '')
  const listMeant = ({ user_id, external_id, email, extension, username }: Person) => [
    user_id !== undefined && ids.has(user_id) ? user_id : undefined,
    ...[byExternalId.get(external_id ?? ''), byEmail.get(email ?? ''), byNumber.get(extension ?? '')],
    ...[username, email, extension, external_id].flatMap((name) =>
      // A rule may put the tenant before them.
      name ? [byUsername.get(name), byUsername.get(`${tenant.slug}-${name}`)] : [],
    ),
  ]
  const phones = await readSeveralPhones(client, tenant.id)
  return {
    userIds: [...ids],
    keys: rows,
    has: (person) => find(person) !== undefined,
    findMeant: (people) =>
      ids.size === 0 ? [] : [...new Set(people.flatMap(listMeant))].filter((id) => id !== undefined),
    countPhones: (person) => phones.get(find(person) ?? 0)?.filter((mac) => mac !== person.mac).length ?? 0,
  }
}

/** MAC addresses of those who are on more than one phone, by user. */
async function readSeveralPhones(client: Queryable, tenantId: number): Promise<Map<number, string[]>> {
  const { rows } = await client.query<{ id: number; macs: string[] }>(
    `select x.user_id as id, array_agg(distinct d.mac) as macs
     from lines l join endpoints e on e.id = l.endpoint_id join extensions x on x.id = e.extension_id
       join devices d on d.id = l.device_id
     where l.tenant_id = $1 and d.mac is not null group by x.user_id having count(distinct d.mac) > 1`,
    [tenantId],
  )
  return new Map(rows.map(({ id, macs }) => [id, macs]))
}
