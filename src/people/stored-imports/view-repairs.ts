import { type ImportRow, listImportRows } from '../../db/import-rows.ts'
import { findImport } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { listRepairs, type RepairGroup } from '../../import/repairs.ts'
import type { Problem } from '../../model/problem.ts'
import type { PeopleDesk } from '../desk.ts'

/** So many at a time, so that a large import holds up nobody. */
const PAGE_ROWS = 500

/** What can be repaired in all rows at once, by cause; those with the most repairs first. @throws AppError `import-unknown` */
export function viewRepairs(desk: PeopleDesk, tenant: Tenant, importId: number): Promise<RepairGroup[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    await findImport(client, tenant.id, importId)
    const problems: Problem[] = []
    for (let after: number | undefined, page: ImportRow[]; ; after = page.at(-1)!.row) {
      page = await listImportRows(client, importId, { verdict: 'problem', after, limit: PAGE_ROWS })
      for (const row of page) problems.push(...(JSON.parse(row.problems) as Problem[]))
      if (page.length < PAGE_ROWS) return listRepairs(problems)
    }
  })
}
