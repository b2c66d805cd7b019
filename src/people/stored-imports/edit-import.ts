import type pg from 'pg'
import { writeAudit } from '../../db/audit.ts'
import { type ImportRow, listImportRows } from '../../db/import-rows.ts'
import { type ImportRecord, lockImport, reviseImport, setImportOptions, storeContent } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { repairEdits } from '../../import/repairs.ts'
import type { RowEdit } from '../../import/row-edit.ts'
import { AppError } from '../../model/app-error.ts'
import type { PersonField } from '../../model/person.ts'
import type { Problem } from '../../model/problem.ts'
import type { PeopleDesk } from '../desk.ts'
import { describeOptions } from '../import-options.ts'
import type { ImportOptions } from '../open-import.ts'
import { sealContent } from './content.ts'
import { mergeEdits } from './edits.ts'
import { openStoredImport } from './open-stored-import.ts'

/** So many at a time, so that a repair of all rows of a large import holds up nobody. */
const PAGE_ROWS = 500

type Editor = { tenant: Tenant; importId: number; actor: string }

/**
 * Corrects rows of an import; it is planned again after that. A row number that the source does not have adds a row.
 * @throws AppError `import-unknown`; `import-state` when something else is done to it, or was
 */
export function editRows(desk: PeopleDesk, editor: Editor, edits: ReadonlyMap<number, RowEdit>): Promise<void> {
  return whileEditable(desk, editor, async (client) => {
    await mergeEdits(client, { ...editor, vault: desk.vault }, edits)
    return { rows: edits.size }
  })
}

/**
 * The same repair for all rows with the same cause: what each problem suggests, or `value` for all of them.
 * @returns how many rows were corrected
 */
export async function repairRows(
  desk: PeopleDesk,
  editor: Editor,
  cause: { field: PersonField; code: string; value?: string | undefined },
): Promise<number> {
  let count = 0
  await whileEditable(desk, editor, async (client) => {
    for (let after: number | undefined, page: ImportRow[]; ; after = page.at(-1)!.row) {
      page = await listImportRows(client, editor.importId, { verdict: 'problem', after, limit: PAGE_ROWS })
      const problems = page.flatMap((row) => JSON.parse(row.problems) as Problem[])
      const edits = repairEdits(problems, cause)
      count += edits.size
      await mergeEdits(client, { ...editor, vault: desk.vault }, edits)
      if (page.length < PAGE_ROWS) break
    }
    // Not the value: it may be somebody's PIN.
    return { field: cause.field, code: cause.code, rows: count }
  })
  return count
}

/** Reads and plans the import with other options. */
export function changeOptions(desk: PeopleDesk, editor: Editor, options: ImportOptions): Promise<void> {
  return whileEditable(desk, editor, async (client, record) => {
    const { input, options: before } = await openStoredImport(client, desk, editor.tenant, record)
    const merged = { ...before, ...options }
    const { tenant, importId } = editor
    const sealed = sealContent({ input, stated: merged }, tenant.slug, importId, desk.vault)
    await storeContent(client, importId, sealed)
    await setImportOptions(client, importId, describeOptions(merged))
    return { options: Object.keys(options) }
  })
}

/** `edit` gives what the history shall say. */
function whileEditable(
  desk: PeopleDesk,
  { tenant, importId, actor }: Editor,
  edit: (client: pg.PoolClient, record: ImportRecord) => Promise<Record<string, unknown>>,
): Promise<void> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const record = await lockImport(client, tenant.id, importId)
    if (record.state !== 'planned' && record.state !== 'planning')
      throw new AppError('import-state', `Import ${importId} is ${record.state}; only a planned one can be edited.`)
    const detail = await edit(client, record)
    await reviseImport(client, importId)
    const object = `import ${importId}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'import-edit', object, detail })
  })
}
