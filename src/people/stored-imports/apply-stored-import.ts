import { digestDiff, readPlanned } from '../../db/import-rows.ts'
import type { ImportProgress } from '../../db/import-progress.ts'
import { lockImport, setImportState } from '../../db/imports.ts'
import { inTransaction, type Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { PersonPlan } from '../../plan/change.ts'
import { asOnlyWriter, type PeopleDesk } from '../desk.ts'
import type { ImportOutcome } from '../import-outcome.ts'
import { Refused, writeImport } from '../write-import.ts'
import { openStoredImport } from './open-stored-import.ts'
import { describeDiff } from './show-row.ts'

/**
 * Does what was approved, or nothing. When the world has changed since it was planned, the import goes back to be
 * planned again, with a note that says why; when by now there is nothing left to do, it is done.
 * @returns null when it is not (or no longer) to be applied
 */
export async function applyStoredImport(
  desk: PeopleDesk,
  tenant: Tenant,
  importId: number,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportOutcome | null> {
  try {
    return await asOnlyWriter(desk, tenant, async (client) => {
      const record = await lockImport(client, tenant.id, importId)
      if (record.state !== 'applying') return null
      const stored = await openStoredImport(client, desk, tenant, record)
      const unseen = stored.options.unseen === true
      const approved = {
        id: importId,
        differ: (people: readonly PersonPlan[]) => (unseen ? Promise.resolve(false) : differ(client, importId, people)),
      }
      const outcome = await writeImport(client, desk, { ...stored, source: record.source, approved, onProgress })
      onProgress({ phase: 'done', done: outcome.rows, total: outcome.rows })
      return outcome
    })
  } catch (error) {
    const note = noteOf(error)
    if (note === null) throw error
    await inTransaction(desk.pool, tenant.id, (client) => setImportState(client, importId, 'planning', note))
    return null
  }
}

/** Null for what is no reason to look at the plan again. */
function noteOf(error: unknown): string | null {
  if (error instanceof Refused) return 'Since it was planned, rows have got problems. Nothing was written.'
  if (error instanceof AppError && error.code === 'plan-stale') return `${error.message} Nothing was written.`
  return null
}

async function differ(client: Queryable, importId: number, people: readonly PersonPlan[]): Promise<boolean> {
  const planned = await readPlanned(
    client,
    importId,
    people.map(({ row }) => row),
  )
  return people.some((person) => {
    const seen = planned.get(person.row)
    return seen?.verdict !== person.verdict || !seen.digest?.equals(digestDiff(describeDiff(person)))
  })
}
