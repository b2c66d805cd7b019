import { listImportRows } from '../../db/import-rows.ts'
import { findImport } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { writeErrors } from '../../import/write-errors.ts'
import type { Problem } from '../../model/problem.ts'
import type { PeopleDesk } from '../desk.ts'
import { openImport } from '../open-import.ts'
import { openStoredImport } from './open-stored-import.ts'

/**
 * The rows with problems as a CSV that can be corrected and given back, see `correctImport`. PINs and passwords stand in
 * it as they were brought.
 * @throws AppError `import-unknown`, `import-state`
 */
export function writeImportErrors(desk: PeopleDesk, tenant: Tenant, importId: number): Promise<Buffer> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const record = await findImport(client, tenant.id, importId)
    const stored = await openStoredImport(client, desk, tenant, record)
    const { table, read } = await openImport(client, desk, stored)
    const rows = await listImportRows(client, importId, { verdict: 'problem' })
    const problems = rows.flatMap((row) => JSON.parse(row.problems) as Problem[])
    const general = record.problems.filter(({ row }) => row === 0)
    return writeErrors({
      ...{ header: table.header, columns: read.columns, faulty: table.rows, edits: stored.edits },
      problems: [...general, ...problems],
    })
  })
}
