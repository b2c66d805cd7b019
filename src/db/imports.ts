import { AppError } from '../model/app-error.ts'
import type { Problem } from '../model/problem.ts'
import type { Queryable } from './pool.ts'
import { toJsonb } from './to-jsonb.ts'

export type ImportCounts = { new: number; changed: number; unchanged: number; missing: number; problem: number }

/** What is to be done to imports in the background: some process is at it, or will be. */
export const DUE_STATES = ['planning', 'correcting', 'applying', 'undoing'] as const

export type DueState = (typeof DUE_STATES)[number]
export type ImportState = DueState | 'planned' | 'applied' | 'undone' | 'failed'

export function isDue(state: ImportState): state is DueState {
  return (DUE_STATES as readonly string[]).includes(state)
}

export type ImportRecord = {
  id: number
  tenant_id: number
  source: string
  actor: string
  state: ImportState
  options: Record<string, unknown>
  counts: ImportCounts | Record<string, never>
  /** Of the file as a whole, and the first of the others; all of them stand with their rows. */
  problems: Problem[]
  warnings: Problem[]
  detected: Record<string, unknown>
  /** What is wrong with the last corrected file, if it was not taken. */
  refused: Problem[]
  /** Who asked for what is due, where that need not be who brought it. */
  asked_by: string | null
  /** Counts up with every edit. */
  revision: number
  note: string | null
  kept: string[]
  created_at: Date
  applied_at: Date | null
  undone_at: Date | null
  credentials_until: Date | null
  erased_at: Date | null
}

const COLUMNS = `id, tenant_id, source, actor, state, options, counts, problems, warnings, detected, refused, asked_by,
  revision, note, kept, created_at, applied_at, undone_at, credentials_until, erased_at`

/** History keeps so many problems of one import; a stored one has them all, row by row. */
const MOST_PROBLEMS = 1000

export async function insertImport(
  client: Queryable,
  record: Pick<ImportRecord, 'tenant_id' | 'source' | 'actor' | 'options' | 'state'>,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into imports (tenant_id, source, actor, state, options, counts, problems)
     values ($1, $2, $3, $5, $4, '{}', '[]') returning id`,
    [record.tenant_id, record.source, record.actor, toJsonb(record.options), record.state],
  )
  return rows[0]!.id
}

/** Keeps what was brought, sealed, until it is erased. */
export async function storeContent(client: Queryable, importId: number, content: Buffer): Promise<void> {
  await client.query('update imports set content = $2 where id = $1', [importId, content])
}

/** Null when there was none or it has been erased. */
export async function readContent(client: Queryable, importId: number): Promise<Buffer | null> {
  const { rows } = await client.query<{ content: Buffer | null }>('select content from imports where id = $1', [
    importId,
  ])
  return rows[0]?.content ?? null
}

/** The rows with problems as a file, sealed; null when there are none. */
export async function readErrors(client: Queryable, importId: number): Promise<Buffer | null> {
  const { rows } = await client.query<{ errors: Buffer | null }>('select errors from imports where id = $1', [importId])
  return rows[0]?.errors ?? null
}

/** Locks the import until the transaction ends. @throws AppError `import-unknown` */
export async function lockImport(client: Queryable, tenantId: number, importId: number): Promise<ImportRecord> {
  return readOne(client, tenantId, importId, 'for update')
}

/** @throws AppError `import-unknown` */
export async function findImport(client: Queryable, tenantId: number, importId: number): Promise<ImportRecord> {
  return readOne(client, tenantId, importId, '')
}

async function readOne(client: Queryable, tenantId: number, importId: number, lock: string): Promise<ImportRecord> {
  const { rows } = await client.query<ImportRecord>(
    `select ${COLUMNS} from imports where tenant_id = $1 and id = $2 ${lock}`,
    [tenantId, importId],
  )
  if (!rows[0]) throw new AppError('import-unknown', `There is no import ${importId}. List them with: offhook imports`)
  return rows[0]
}

/** The newest first; `before` is the id of the last one of the page before. */
export async function listImports(
  client: Queryable,
  tenantId: number,
  page: { before?: number | undefined; limit?: number | undefined } = {},
): Promise<ImportRecord[]> {
  const { rows } = await client.query<ImportRecord>(
    `select ${COLUMNS} from imports where tenant_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [tenantId, page.before ?? null, page.limit ?? null],
  )
  return rows
}

/**
 * Stores the sums of a plan, unless somebody has edited the import since: then it is to be planned again. One that was
 * erased meanwhile stays so.
 */
export async function markPlanned(
  client: Queryable,
  importId: number,
  plan: Pick<ImportRecord, 'revision' | 'counts' | 'problems' | 'warnings' | 'detected' | 'note'> & {
    /** Sealed. */
    errors: Buffer | null
  },
): Promise<void> {
  await client.query(
    `update imports set counts = $3, problems = $4, warnings = $5, detected = $6, note = $7, errors = $8, attempts = 0,
       state = case when revision = $2 then 'planned' else 'planning' end where id = $1 and state = 'planning'`,
    [
      ...[importId, plan.revision, toJsonb(plan.counts), keepFirst(plan.problems), keepFirst(plan.warnings)],
      ...[toJsonb(plan.detected), plan.note, plan.errors],
    ],
  )
}

export async function markApplied(
  client: Queryable,
  importId: number,
  counts: ImportCounts,
  problems: readonly Problem[],
): Promise<void> {
  await client.query(
    `update imports set state = 'applied', applied_at = now(), counts = $2, problems = $3, note = null,
       credentials_until = now() + interval '14 days' where id = $1`,
    [importId, toJsonb(counts), keepFirst(problems)],
  )
}

/** `note` says why it is in this state, where the state alone does not. */
export async function setImportState(
  client: Queryable,
  importId: number,
  state: ImportState,
  note: string | null = null,
): Promise<void> {
  await client.query('update imports set state = $2, note = $3 where id = $1', [importId, state, note])
}

export async function setImportOptions(
  client: Queryable,
  importId: number,
  options: Record<string, unknown>,
): Promise<void> {
  await client.query('update imports set options = $2 where id = $1', [importId, toJsonb(options)])
}

/** After an edit: what is planned is no longer what is there. */
export async function reviseImport(client: Queryable, importId: number): Promise<void> {
  await client.query(
    `update imports set revision = revision + 1, state = 'planning', note = null, refused = '[]', corrections = null
     where id = $1`,
    [importId],
  )
}

/** Lets an applied import be taken back. */
export async function markUndoing(client: Queryable, importId: number, askedBy: string): Promise<void> {
  await client.query(`update imports set state = 'undoing', asked_by = $2, attempts = 0, note = null where id = $1`, [
    importId,
    askedBy,
  ])
}

/** It stays as it is: `note` says why. */
export async function giveUpUndoing(client: Queryable, importId: number, note: string): Promise<void> {
  await client.query(`update imports set state = 'applied', note = $2 where id = $1 and state = 'undoing'`, [
    importId,
    note,
  ])
}

/** Keeps a corrected file, sealed, until it is taken in. */
export async function storeCorrections(
  client: Queryable,
  importId: number,
  brought: { file: Buffer; askedBy: string },
): Promise<void> {
  await client.query(
    `update imports set state = 'correcting', corrections = $2, asked_by = $3, attempts = 0, refused = '[]', note = null
     where id = $1`,
    [importId, brought.file, brought.askedBy],
  )
}

/** The corrected file that is to be taken in, sealed. */
export async function readCorrectedFile(client: Queryable, importId: number): Promise<Buffer | null> {
  const { rows } = await client.query<{ file: Buffer | null }>(
    'select corrections as file from imports where id = $1',
    [importId],
  )
  return rows[0]?.file ?? null
}

/** The import is as it was planned; `refused` and `note` say what is wrong with the file. */
export async function refuseCorrections(
  client: Queryable,
  importId: number,
  why: { refused: readonly Problem[]; note: string },
): Promise<void> {
  await client.query(
    `update imports set state = 'planned', corrections = null, refused = $2, note = $3, attempts = 0
     where id = $1 and state = 'correcting'`,
    [importId, keepFirst(why.refused), why.note],
  )
}

export async function markUndone(client: Queryable, importId: number, kept: string[]): Promise<void> {
  await client.query(`update imports set state = 'undone', undone_at = now(), kept = $2 where id = $1`, [
    importId,
    toJsonb(kept),
  ])
}

function keepFirst(problems: readonly Problem[]): string {
  return toJsonb(problems.slice(0, MOST_PROBLEMS))
}
