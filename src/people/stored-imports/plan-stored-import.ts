import { deleteImportRows, insertImportRows } from '../../db/import-rows.ts'
import type { ImportProgress } from '../../db/import-progress.ts'
import { findImport, markPlanned } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { PeopleDesk } from '../desk.ts'
import { type ImportOutcome, startSummary } from '../import-outcome.ts'
import { openImport } from '../open-import.ts'
import { planInChunks } from '../plan-chunks.ts'
import { sealFile } from './content.ts'
import { emitEvents } from '../webhooks/emit-events.ts'
import { importEvent } from '../webhooks/import-event.ts'
import { openStoredImport } from './open-stored-import.ts'
import { makeShowRow } from './show-row.ts'

/**
 * Plans a stored import and stores what each row means. Nothing else is written.
 * @throws AppError `import-unknown`, or `import-state` when what was brought is no longer kept
 */
export function planStoredImport(
  desk: PeopleDesk,
  tenant: Tenant,
  importId: number,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportOutcome> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    onProgress({ phase: 'reading', done: 0, total: 0 })
    const record = await findImport(client, tenant.id, importId)
    const stored = await openStoredImport(client, desk, tenant, record)
    const opened = await openImport(client, desk, stored)
    const summary = startSummary(opened, stored.options)
    const showRow = makeShowRow(opened, stored.edits)
    await deleteImportRows(client, importId)
    let done = 0
    let underWay = Promise.resolve()
    const missing = await planInChunks(
      client,
      desk,
      { tenant, opened, options: stored.options, use: 'show' },
      async (people) => {
        summary.add(people)
        const rows = people.map(showRow)
        await underWay
        underWay = insertImportRows(client, tenant.id, importId, rows)
        underWay.catch(() => undefined) // Whoever awaits it next hears of it.
        done += people.length
        onProgress({ phase: 'planning', done, total: Math.max(opened.read.rows, done) })
      },
    )
    await underWay
    const outcome = summary.finish('previewed', importId, missing)
    const { table, read } = opened
    const { columns, choices, warnings } = read
    const lastRow = [...(stored.edits?.keys() ?? [])].reduce(
      (last, row) => Math.max(last, row),
      table.rows.at(-1)?.row ?? 0,
    )
    const { counts, problems } = outcome
    await markPlanned(client, importId, {
      ...{ revision: record.revision, counts, problems, warnings, note: record.note },
      detected: { ...table.detected, columns, choices, lastRow },
      errors:
        problems.length === 0 ? null : sealFile(outcome.writeErrors(), tenant.slug, importId, desk.vault, 'errors'),
    })
    await emitEvents(client, tenant, { events: [importEvent('import.planned', record, outcome.counts)] })
    onProgress({ phase: 'done', done, total: done })
    return outcome
  })
}
