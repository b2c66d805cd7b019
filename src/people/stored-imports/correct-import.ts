import { writeAudit } from '../../db/audit.ts'
import { lockImport, readCorrectedFile, refuseCorrections, reviseImport, storeCorrections } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { People } from '../../import/people-from-table.ts'
import { readCorrections } from '../../import/read-corrections.ts'
import { readSource } from '../../import/read-source.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'
import { openFile, sealFile } from './content.ts'
import { mergeEdits } from './edits.ts'

const REFUSED = 'Nothing was taken from the corrected file.'

/**
 * Keeps a corrected file of problems; it is taken in and the import planned again in the background, or by
 * {@link takeCorrections} at once.
 * @throws AppError `import-unknown`; `import-state` when the import is not planned
 */
export function bringCorrections(
  desk: PeopleDesk,
  { tenant, importId, actor }: { tenant: Tenant; importId: number; actor: string },
  file: Buffer,
): Promise<void> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { state } = await lockImport(client, tenant.id, importId)
    if (state !== 'planned')
      throw new AppError('import-state', `Import ${importId} is ${state}; only a planned one can be corrected.`)
    const sealed = sealFile(file, tenant.slug, importId, desk.vault, 'corrections')
    await storeCorrections(client, importId, { file: sealed, askedBy: actor })
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'import-correct', object: `import ${importId}` })
  })
}

/**
 * Takes the corrected file into its import: its rows replace those that they came from, others are new. Where something
 * is wrong with the file itself nothing is taken, and the import says what.
 */
export function takeCorrections(desk: PeopleDesk, tenant: Tenant, importId: number, actor: string): Promise<void> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const record = await lockImport(client, tenant.id, importId)
    const sealed = record.state === 'correcting' ? await readCorrectedFile(client, importId) : null
    if (!sealed) return
    const bytes = openFile(sealed, tenant.slug, importId, desk.vault, 'corrections')
    const { columns, lastRow } = record.detected as { columns: People['columns']; lastRow: number }
    const corrected = await readSource({ kind: 'file', bytes })
    const { edits, problems } = readCorrections(corrected, { columns: columns.mapped, lastRow }, corrected.problems)
    if (problems.length > 0) return refuseCorrections(client, importId, { refused: problems, note: REFUSED })
    await mergeEdits(client, { tenant, importId, actor, vault: desk.vault }, edits)
    await reviseImport(client, importId)
    const detail = { rows: edits.size }
    const object = `import ${importId}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'import-edit', object, detail })
  })
}
