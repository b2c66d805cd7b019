import { hash } from 'node:crypto'
import { toArrayLiteral, toLines } from './array-literal.ts'
import type { Queryable } from './pool.ts'

/** One row of a stored import as the admin sees it. `cells`, `diff` and `problems` are JSON. */
export type ImportRow = {
  row: number
  verdict: string
  who: string
  /** Field to text; PINs and passwords as `***`. */
  cells: string
  /** What would be written; see `describeChanges`. */
  diff: string
  problems: string
}

export async function deleteImportRows(client: Queryable, importId: number): Promise<void> {
  await client.query('delete from import_rows where import_id = $1', [importId])
}

export async function insertImportRows(
  client: Queryable,
  tenantId: number,
  importId: number,
  rows: readonly ImportRow[],
): Promise<void> {
  if (rows.length === 0) return
  await client.query(
    `insert into import_rows (tenant_id, import_id, row, verdict, who, diff_sha256, cells, diff, problems)
     select $1, $2, row, verdict, who, sha256(convert_to(diff, 'UTF8')), cells, diff, problems
     from rows from (unnest($3::int[], $4::text[], $5::text[]),
       string_to_table($6, E'\\n'), string_to_table($7, E'\\n'), string_to_table($8, E'\\n'))
       as r(row, verdict, who, cells, diff, problems)`,
    [
      tenantId,
      importId,
      toArrayLiteral(rows.map(({ row }) => row)),
      toArrayLiteral(rows.map(({ verdict }) => verdict)),
      toArrayLiteral(rows.map(({ who }) => who)),
      toLines(rows.map(({ cells }) => cells)),
      toLines(rows.map(({ diff }) => diff)),
      toLines(rows.map(({ problems }) => problems)),
    ],
  )
}

export type RowPage = {
  verdict?: string | undefined
  /** The last row of the page before. */
  after?: number | undefined
  limit?: number | undefined
}

/** In the order of the file; people whom it does not name come first, as -1, -2 … */
export async function listImportRows(client: Queryable, importId: number, page: RowPage = {}): Promise<ImportRow[]> {
  const { rows } = await client.query<ImportRow>(
    `select row, verdict, who, cells, diff, problems from import_rows
     where import_id = $1 and ($2::text is null or verdict = $2) and ($3::int is null or row > $3) order by row limit $4`,
    [importId, page.verdict ?? null, page.after ?? null, page.limit ?? null],
  )
  return rows
}

/** What tells whether a row would now do what it was planned to do: reading back every diff would take far longer. */
export function digestDiff(diff: string): Buffer {
  return hash('sha256', diff, 'buffer')
}

/** What these rows were planned to do, by row; see `digestDiff`. */
export async function readPlanned(
  client: Queryable,
  importId: number,
  rows: readonly number[],
): Promise<Map<number, { verdict: string; digest: Buffer | null }>> {
  const found = await client.query<{ row: number; verdict: string; digest: Buffer | null }>(
    'select row, verdict, diff_sha256 as digest from import_rows where import_id = $1 and row = any ($2)',
    [importId, rows],
  )
  return new Map(found.rows.map(({ row, verdict, digest }) => [row, { verdict, digest }]))
}
