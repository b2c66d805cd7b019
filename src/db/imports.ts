import { AppError } from '../model/app-error.ts'
import type { Problem } from '../model/problem.ts'
import type { Queryable } from './pool.ts'

export type ImportCounts = { new: number; changed: number; unchanged: number; missing: number; problem: number }
export type ImportState = 'planned' | 'applied' | 'undone'

export type ImportRecord = {
  id: number
  tenant_id: number
  source: string
  actor: string
  state: ImportState
  options: Record<string, unknown>
  counts: ImportCounts
  problems: Problem[]
  kept: string[]
  created_at: Date
  applied_at: Date | null
  undone_at: Date | null
}

/** One person of a stored plan: `changes` is JSON in which each secret is an index into the sealed list. */
export type ImportRow = { row: number; verdict: string; who: string; changes: string; secrets: Buffer | null }

export async function insertImport(
  client: Queryable,
  record: Pick<ImportRecord, 'tenant_id' | 'source' | 'actor' | 'options'>,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into imports (tenant_id, source, actor, state, options, counts, problems)
     values ($1, $2, $3, 'planned', $4, '{}', '[]') returning id`,
    [record.tenant_id, record.source, record.actor, JSON.stringify(record.options)],
  )
  return rows[0]!.id
}

export async function insertImportRows(
  client: Queryable,
  tenantId: number,
  importId: number,
  rows: ImportRow[],
): Promise<void> {
  await client.query(
    `insert into import_rows (tenant_id, import_id, row, verdict, who, changes, secrets)
     select $1, $2, * from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::bytea[])`,
    [
      tenantId,
      importId,
      rows.map(({ row }) => row),
      rows.map(({ verdict }) => verdict),
      rows.map(({ who }) => who),
      rows.map(({ changes }) => changes),
      rows.map(({ secrets }) => secrets),
    ],
  )
}

/** Locks the import until the transaction ends. @throws AppError `import-unknown` */
export async function lockImport(client: Queryable, tenantId: number, importId: number): Promise<ImportRecord> {
  const { rows } = await client.query<ImportRecord>(
    'select * from imports where tenant_id = $1 and id = $2 for update',
    [tenantId, importId],
  )
  if (!rows[0]) throw new AppError('import-unknown', `There is no import ${importId}. List them with: offhook imports`)
  return rows[0]
}

export async function listImports(client: Queryable, tenantId: number): Promise<ImportRecord[]> {
  const { rows } = await client.query<ImportRecord>('select * from imports where tenant_id = $1 order by id desc', [
    tenantId,
  ])
  return rows
}

export async function readImportRows(client: Queryable, importId: number): Promise<ImportRow[]> {
  const { rows } = await client.query<ImportRow>(
    'select row, verdict, who, changes, secrets from import_rows where import_id = $1 order by row',
    [importId],
  )
  return rows
}

export async function markApplied(
  client: Queryable,
  importId: number,
  counts: ImportCounts,
  problems: readonly Problem[],
): Promise<void> {
  await client.query(
    `update imports set state = 'applied', applied_at = now(), counts = $2, problems = $3 where id = $1`,
    [importId, JSON.stringify(counts), JSON.stringify(problems)],
  )
}

export async function markUndone(client: Queryable, importId: number, kept: string[]): Promise<void> {
  await client.query(`update imports set state = 'undone', undone_at = now(), kept = $2 where id = $1`, [
    importId,
    JSON.stringify(kept),
  ])
}
