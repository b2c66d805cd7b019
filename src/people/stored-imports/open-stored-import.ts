import { type ImportRecord, readContent } from '../../db/imports.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'
import type { ImportInput, ImportOptions } from '../open-import.ts'
import { openContent } from './content.ts'
import { loadEdits } from './edits.ts'

/** A stored import as it is to be read: what was brought, how to read it, and what was corrected since. */
export async function openStoredImport(
  client: Queryable,
  desk: PeopleDesk,
  tenant: Tenant,
  record: ImportRecord,
): Promise<ImportInput> {
  const sealed = await readContent(client, record.id)
  if (!sealed)
    throw new AppError('import-state', `What import ${record.id} brought is no longer kept. Bring the file again.`)
  const { input, stated } = openContent(sealed, tenant.slug, record.id, desk.vault)
  const options: ImportOptions = { ...(record.options as ImportOptions), ...stated }
  return { tenant, actor: record.actor, input, options, edits: await loadEdits(client, tenant, record.id, desk.vault) }
}
