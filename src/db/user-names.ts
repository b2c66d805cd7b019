import type { Queryable } from './pool.ts'

/** Ids of users by their user name or e-mail address, lower case. Names that nobody has are not in it. */
export async function findUserIds(
  client: Queryable,
  tenantId: number,
  names: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; id: number }>(
    `select n.name, u.id from unnest($2::text[]) as n (name) join users u
       on lower(u.username) = n.name or lower(u.email) = n.name
     where u.tenant_id = $1`,
    [tenantId, names.map((name) => name.toLowerCase())],
  )
  return new Map(rows.map(({ name, id }) => [name, id]))
}
