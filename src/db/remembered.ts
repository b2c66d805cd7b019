import type { Queryable } from './pool.ts'

/** What an admin decided about a file: which field a column is, or what a text means in a field. */
export type Remembered = { kind: 'column' | 'value'; field: string; term: string; target: string }

/** What this admin decided last; where they never did, what anybody of the tenant decided last. */
export async function readRemembered(client: Queryable, tenantId: number, actor: string): Promise<Remembered[]> {
  const { rows } = await client.query<Remembered>(
    `select distinct on (kind, field, term) kind, field, term, target from remembered where tenant_id = $1
     order by kind, field, term, (actor = $2) desc, at desc`,
    [tenantId, actor],
  )
  return rows
}

export async function writeRemembered(
  client: Queryable,
  owner: { tenantId: number; actor: string },
  decisions: readonly Remembered[],
): Promise<void> {
  if (decisions.length === 0) return
  await client.query(
    `insert into remembered (tenant_id, actor, kind, field, term, target)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::text[], $6::text[])
     on conflict (tenant_id, actor, kind, field, term) do update set target = excluded.target, at = now()`,
    [
      ...[owner.tenantId, owner.actor],
      decisions.map(({ kind }) => kind),
      decisions.map(({ field }) => field),
      decisions.map(({ term }) => term),
      decisions.map(({ target }) => target),
    ],
  )
}
