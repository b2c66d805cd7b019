import type { Queryable } from './pool.ts'

/** A correction of one row, sealed. */
export type StoredEdit = { row: number; edit: Buffer }

/** Of all rows, or of these. */
export async function readEdits(client: Queryable, importId: number, only?: readonly number[]): Promise<StoredEdit[]> {
  const { rows } = await client.query<StoredEdit>(
    'select row, edit from import_edits where import_id = $1 and ($2::int[] is null or row = any ($2)) order by row',
    [importId, only ?? null],
  )
  return rows
}

/** Each replaces the edit that the row had. */
export async function writeEdits(
  client: Queryable,
  owner: { tenantId: number; importId: number; actor: string },
  edits: readonly StoredEdit[],
): Promise<void> {
  await client.query(
    `insert into import_edits (tenant_id, import_id, actor, row, edit)
     select $1, $2, $3, * from unnest($4::int[], $5::bytea[])
     on conflict (import_id, row) do update set edit = excluded.edit, actor = excluded.actor, at = now()`,
    [owner.tenantId, owner.importId, owner.actor, edits.map(({ row }) => row), edits.map(({ edit }) => edit)],
  )
}
