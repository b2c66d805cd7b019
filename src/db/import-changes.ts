import type { Queryable } from './pool.ts'

/** What was written for one person: `changes` is JSON in which each secret is an index into the sealed list. */
export type WrittenPerson = {
  row: number
  verdict: string
  who: string
  /** Null where their own row was not written. */
  user_id: number | null
  changes: string
  secrets: Buffer | null
}

export async function insertChanges(
  client: Queryable,
  tenantId: number,
  importId: number,
  people: WrittenPerson[],
): Promise<void> {
  await client.query(
    `insert into import_changes (tenant_id, import_id, row, verdict, who, user_id, changes, secrets)
     select $1, $2, * from unnest($3::int[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bytea[])`,
    [
      tenantId,
      importId,
      people.map(({ row }) => row),
      people.map(({ verdict }) => verdict),
      people.map(({ who }) => who),
      people.map(({ user_id }) => user_id),
      people.map(({ changes }) => changes),
      people.map(({ secrets }) => secrets),
    ],
  )
}

export async function readChanges(client: Queryable, importId: number): Promise<WrittenPerson[]> {
  const { rows } = await client.query<WrittenPerson>(
    'select row, verdict, who, user_id, changes, secrets from import_changes where import_id = $1 order by row',
    [importId],
  )
  return rows
}
