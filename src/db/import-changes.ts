import { toArrayLiteral, toLines } from './array-literal.ts'
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
     select $1, $2, row, verdict, who, user_id, changes, secrets
     from rows from (unnest($3::int[], $4::text[], $5::text[], $6::bigint[], $7::bytea[]), string_to_table($8, E'\\n'))
       as v(row, verdict, who, user_id, secrets, changes)`,
    [
      tenantId,
      importId,
      toArrayLiteral(people.map(({ row }) => row)),
      toArrayLiteral(people.map(({ verdict }) => verdict)),
      toArrayLiteral(people.map(({ who }) => who)),
      toArrayLiteral(people.map(({ user_id }) => user_id)),
      toArrayLiteral(people.map(({ secrets }) => secrets)),
      toLines(people.map(({ changes }) => changes)),
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
