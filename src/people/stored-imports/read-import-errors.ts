import { findImport, readErrors } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'
import { openFile } from './content.ts'

/**
 * The rows with problems as a CSV that can be corrected and given back, see `correctImport`. PINs and passwords stand in
 * it as they were brought.
 * @throws AppError `import-unknown`; `import-state` when there are none, or it is not planned yet
 */
export function readImportErrors(desk: PeopleDesk, tenant: Tenant, importId: number): Promise<Buffer> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { state } = await findImport(client, tenant.id, importId)
    const sealed = await readErrors(client, importId)
    if (!sealed)
      throw new AppError('import-state', `Import ${importId} is ${state}, and no rows with problems are known.`)
    return openFile(sealed, tenant.slug, importId, desk.vault, 'errors')
  })
}
