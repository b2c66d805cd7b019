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

export async function countChanged(client: Queryable, importId: number): Promise<number> {
  const { rows } = await client.query<{ n: number }>('select count(*) as n from import_changes where import_id = $1', [
    importId,
  ])
  return rows[0]!.n
}

const CHANGES = 'select row, verdict, who, user_id, changes, secrets from import_changes where import_id = $1'

/** Pages of so many people, last first: the rows of a file were written in their order, then -1, -2 … */
export async function* readLastFirst(
  client: Queryable,
  importId: number,
  people: number,
): AsyncGenerator<WrittenPerson[]> {
  const parts = [
    { from: -0x80000000, next: 'row > $2 and row < 0 order by row' },
    { from: 0x7fffffff, next: 'row < $2 and row >= 0 order by row desc' },
  ]
  for (const { from, next } of parts)
    for (let last: number | undefined = from; last !== undefined;) {
      const page: { rows: WrittenPerson[] } = await client.query<WrittenPerson>(`${CHANGES} and ${next} limit $3`, [
        importId,
        last,
        people,
      ])
      if (page.rows.length > 0) yield page.rows
      last = page.rows.length < people ? undefined : page.rows.at(-1)!.row
    }
}

/** These rows, last first. */
export async function readChangesOf(
  client: Queryable,
  importId: number,
  rows: readonly number[],
): Promise<WrittenPerson[]> {
  const found = await client.query<WrittenPerson>(
    `${CHANGES} and row = any ($2) order by row >= 0, case when row < 0 then row else -row end`,
    [importId, rows],
  )
  return found.rows
}
