import { findImport, readContent } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { Source } from '../../import/read-source.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'
import { openContent } from './content.ts'

export type Brought = { bytes: Buffer; kind: Source['kind'] }

/**
 * What an import brought, as it came: the bytes of a file, a text as UTF-8, rows as JSON. PINs and passwords stand in it.
 * @throws AppError `import-unknown`; `import-state` when it is no longer kept
 */
export function readBrought(desk: PeopleDesk, tenant: Tenant, importId: number): Promise<Brought> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    await findImport(client, tenant.id, importId)
    const sealed = await readContent(client, importId)
    if (!sealed) throw new AppError('import-state', `What import ${importId} brought is not kept.`)
    const { input } = openContent(sealed, tenant.slug, importId, desk.vault)
    if (input.kind === 'file') return { bytes: Buffer.from(input.bytes), kind: 'file' }
    return { bytes: Buffer.from(input.kind === 'text' ? input.text : JSON.stringify(input.rows)), kind: input.kind }
  })
}
