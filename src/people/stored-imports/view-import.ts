import { type ImportProgress, readProgress } from '../../db/import-progress.ts'
import { type ImportRow, listImportRows, type RowPage } from '../../db/import-rows.ts'
import { findImport, type ImportRecord, listImports } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { Problem } from '../../model/problem.ts'
import type { DescribedChange } from '../../plan/describe-changes.ts'
import type { PeopleDesk } from '../desk.ts'

export type ViewedImport = ImportRecord & {
  /** Null before anybody has begun. */
  progress: ImportProgress | null
}

/** A row as the admin sees it. */
export type ViewedRow = Omit<ImportRow, 'cells' | 'diff' | 'problems'> & {
  cells: Record<string, string>
  changes: DescribedChange[]
  problems: Problem[]
}

/** @throws AppError `import-unknown` */
export function viewImport(desk: PeopleDesk, tenant: Tenant, importId: number): Promise<ViewedImport> {
  return inTransaction(desk.pool, tenant.id, async (client) => ({
    ...(await findImport(client, tenant.id, importId)),
    progress: await readProgress(client, importId),
  }))
}

/** History, the newest first. */
export function viewImports(
  desk: PeopleDesk,
  tenant: Tenant,
  page: Parameters<typeof listImports>[2],
): Promise<ImportRecord[]> {
  return inTransaction(desk.pool, tenant.id, (client) => listImports(client, tenant.id, page))
}

/** Rows of a stored import in the order of the file. @throws AppError `import-unknown` */
export function viewRows(desk: PeopleDesk, tenant: Tenant, importId: number, page: RowPage): Promise<ViewedRow[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    await findImport(client, tenant.id, importId)
    const rows = await listImportRows(client, importId, page)
    return rows.map(({ cells, diff, problems, ...row }) => ({
      ...row,
      cells: JSON.parse(cells) as Record<string, string>,
      changes: JSON.parse(diff) as DescribedChange[],
      problems: JSON.parse(problems) as Problem[],
    }))
  })
}
