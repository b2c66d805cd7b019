import { writeAudit } from '../../db/audit.ts'
import { type ImportRecord, lockImport, setImportOptions, setImportState } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'

export type Approval = {
  actor: string
  /** Leave rows with problems out; without this there must be none. */
  onlyValid?: boolean | undefined
  /** The plan that was looked at; an import that was edited since is not applied. */
  revision?: number | undefined
}

/**
 * Lets a planned import be applied, in the background or by {@link applyStoredImport} at once.
 * @throws AppError `import-unknown`; `import-state` when it is not planned; `import-problems`
 */
export function approveImport(desk: PeopleDesk, tenant: Tenant, importId: number, approval: Approval): Promise<void> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const record = await lockImport(client, tenant.id, importId)
    checkApprovable(record, approval)
    const { actor, onlyValid = false } = approval
    await setImportOptions(client, importId, { ...record.options, onlyValid })
    await setImportState(client, importId, 'applying')
    const object = `import ${importId}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'import-approve', object, detail: { onlyValid } })
  })
}

function checkApprovable(record: ImportRecord, { onlyValid, revision }: Approval): void {
  const { id, state } = record
  if (state !== 'planned')
    throw new AppError('import-state', `Import ${id} is ${state}; only a planned one can be applied.`)
  if (revision !== undefined && revision !== record.revision)
    throw new AppError('plan-stale', `Import ${id} was edited since. Look at it again.`)
  if (record.problems.some(({ row }) => row === 0))
    throw new AppError(
      'import-problems',
      `Import ${id} has problems that concern the file as a whole. Correct them first.`,
    )
  const faulty = 'problem' in record.counts ? record.counts.problem : 0
  if (faulty > 0 && !onlyValid)
    throw new AppError(
      'import-problems',
      `${faulty} rows of import ${id} have problems. Correct them, or apply only the valid rows.`,
    )
}
