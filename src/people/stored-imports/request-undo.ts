import { writeAudit } from '../../db/audit.ts'
import { lockImport, markUndoing } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { PeopleDesk } from '../desk.ts'
import { checkUndoable } from '../undo-import.ts'

/**
 * Lets an applied import be taken back in the background, see `undoImport`.
 * @throws AppError `import-unknown`; `import-state` when it is not applied, or what it wrote is not kept any more
 */
export function requestUndo(desk: PeopleDesk, tenant: Tenant, importId: number, actor: string): Promise<void> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    checkUndoable(await lockImport(client, tenant.id, importId))
    await markUndoing(client, importId, actor)
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'undo-request', object: `import ${importId}` })
  })
}
