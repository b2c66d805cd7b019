import type pg from 'pg'
import { applyChanges } from '../apply/apply-changes.ts'
import { type OutboxEntry, outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { writeAudit } from '../db/audit.ts'
import { countChanged } from '../db/import-changes.ts'
import type { ImportProgress } from '../db/import-progress.ts'
import { type ImportRecord, lockImport, markUndone } from '../db/imports.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { invertChange } from '../plan/change.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { takeBack } from './take-back.ts'
import { startEvents } from './webhooks/collect-events.ts'
import { emitEvents } from './webhooks/emit-events.ts'
import { importEvent } from './webhooks/import-event.ts'

export type UndoOutcome = { import: number; undone: number; kept: string[] }

/** Integrity violations (class 23 of PostgreSQL's error codes): something new hangs on what is to be taken back. */
const INTEGRITY_CLASS = '23'

/**
 * Takes an applied import back, person by person: who was edited since is kept and listed. All in one transaction.
 * @throws AppError `import-unknown` or `import-state`
 */
export async function undoImport(
  desk: PeopleDesk,
  tenant: Tenant,
  importId: number,
  actor: string,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<UndoOutcome> {
  const outcome = await asOnlyWriter(desk, tenant, async (client) => {
    const record = await lockImport(client, tenant.id, importId)
    if (record.state !== 'undoing') checkUndoable(record)
    const total = await countChanged(client, importId)
    const entries = new Map<string, OutboxEntry>()
    const events = startEvents()
    let undone = 0
    onProgress({ phase: 'undoing', done: 0, total })
    const left = await takeBack({ client, tenant, importId, vault: desk.vault }, async (people) => {
      const changes = people.flatMap((person) => person.changes.map(invertChange))
      if (!(await attempt(client, () => applyChanges(client, changes, tenant.id, codecOf(desk, tenant))))) return false
      for (const entry of outboxEntries(changes)) entries.set(`${entry.kind} ${entry.subject}`, entry)
      events.add(changes)
      onProgress({ phase: 'undoing', done: (undone += people.length), total })
      return true
    })
    await writeOutbox(client, tenant.id, [...entries.values()])
    const kept = [...left.values()]
    const done = { actor, action: 'undo', object: `import ${importId}`, detail: { undone, kept } }
    await writeAudit(client, { tenantId: tenant.id, ...done })
    const undo = importEvent('import.undone', record, { undone, kept: kept.length })
    await emitEvents(client, tenant, { collected: events, events: [undo] })
    await markUndone(client, importId, kept)
    return { import: importId, undone, kept }
  })
  onProgress({ phase: 'done', done: outcome.undone, total: outcome.undone + outcome.kept.length })
  return outcome
}

/** @throws AppError `import-state` */
export function checkUndoable({ id, state, erased_at }: ImportRecord): void {
  if (state !== 'applied')
    throw new AppError('import-state', `Import ${id} is ${state}; only an applied one can be undone.`)
  if (erased_at)
    throw new AppError('import-state', `What import ${id} wrote is no longer kept, so it cannot be undone.`)
}

/** True when it went through; false, with nothing written, when the rows are no longer as the import left them. */
async function attempt(client: pg.ClientBase, write: () => Promise<void>): Promise<boolean> {
  await client.query('savepoint people')
  try {
    await write()
    await client.query('set constraints all immediate')
    await client.query('release savepoint people')
    return true
  } catch (error) {
    if (!wasEditedSince(error)) throw error
    await client.query('rollback to savepoint people')
    await client.query('release savepoint people')
    return false
  }
}

function wasEditedSince(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'plan-stale' || (code?.startsWith(INTEGRITY_CLASS) ?? false)
}
