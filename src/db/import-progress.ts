import type { Queryable } from './pool.ts'

export type ImportProgress = {
  phase: 'reading' | 'planning' | 'writing' | 'undoing' | 'done'
  done: number
  total: number
}

export async function writeProgress(
  client: Queryable,
  owner: { tenantId: number; importId: number },
  { phase, done, total }: ImportProgress,
): Promise<void> {
  await client.query(
    `insert into import_progress (tenant_id, import_id, phase, done, total) values ($1, $2, $3, $4, $5)
     on conflict (import_id) do update set phase = excluded.phase, done = excluded.done, total = excluded.total, at = now()`,
    [owner.tenantId, owner.importId, phase, done, total],
  )
}

/** Null before anybody has begun. */
export async function readProgress(client: Queryable, importId: number): Promise<ImportProgress | null> {
  const { rows } = await client.query<ImportProgress>(
    'select phase, done, total from import_progress where import_id = $1',
    [importId],
  )
  return rows[0] ?? null
}
