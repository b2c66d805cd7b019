import { writeAudit } from '../../db/audit.ts'
import { insertImport, storeContent } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { PeopleDesk } from '../desk.ts'
import { describeOptions } from '../import-options.ts'
import type { ImportRequest } from '../import-people.ts'
import { sealContent } from './content.ts'

/**
 * Keeps what was brought; it is planned in the background, or by `planStoredImport` at once. With the option `unseen`
 * nobody looks at its plan: it is applied the same way, and only shown where it has problems.
 * @returns the import's id; its state is `planning`, or `applying`
 */
export function createImport(desk: PeopleDesk, request: ImportRequest): Promise<number> {
  const { tenant, source, actor, input, options } = request
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const id = await insertImport(client, {
      ...{ tenant_id: tenant.id, source, actor, options: describeOptions(options) },
      state: options.unseen ? 'applying' : 'planning',
    })
    await storeContent(client, id, sealContent({ input, stated: options }, tenant.slug, id, desk.vault))
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor, action: 'import-create', object: `import ${id}`, detail: { source } },
    })
    return id
  })
}
