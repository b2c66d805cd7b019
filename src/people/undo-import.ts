import type pg from 'pg'
import { applyChanges } from '../apply/apply-changes.ts'
import { outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { writeAudit } from '../db/audit.ts'
import { lockImport, markUndone } from '../db/imports.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { type Change, invertChange } from '../plan/change.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { startEvents } from './webhooks/collect-events.ts'
import { emitEvents } from './webhooks/emit-events.ts'
import { importEvent } from './webhooks/import-event.ts'
import { loadChanges, type WrittenPerson } from './written-changes.ts'

export type UndoOutcome = { import: number; undone: number; kept: string[] }

/** Integrity violations (class 23 of PostgreSQL's error codes): something new hangs on what is to be taken back. */
const INTEGRITY_CLASS = '23'

/**
 * Takes an applied import back, person by person: who was edited since is kept and listed.
 * @throws AppError `import-unknown` or `import-state`
 */
export async function undoImport(
  desk: PeopleDesk,
  tenant: Tenant,
  importId: number,
  actor: string,
): Promise<UndoOutcome> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const record = await lockImport(client, tenant.id, importId)
    if (record.state !== 'applied')
      throw new AppError('import-state', `Import ${importId} is ${record.state}; only an applied one can be undone.`)
    if (record.erased_at)
      throw new AppError('import-state', `What import ${importId} wrote is no longer kept, so it cannot be undone.`)
    const people = (await loadChanges(client, tenant, importId, desk.vault)).sort(lastFirst)
    const write = (changes: Change[]) =>
      attempt(client, () => applyChanges(client, changes, tenant.id, codecOf(desk, tenant)))
    const all = people.flatMap(invertPerson)
    let done: Change[] = []
    const kept: string[] = []
    if (await write(all)) done = all
    else
      for (const person of people) {
        const changes = invertPerson(person)
        if (await write(changes)) done.push(...changes)
        else kept.push(person.who)
      }
    await writeOutbox(client, tenant.id, outboxEntries(done))
    const undone = people.length - kept.length
    await writeAudit(client, {
      tenantId: tenant.id,
      actor,
      action: 'undo',
      object: `import ${importId}`,
      detail: { undone, kept },
    })
    const events = startEvents()
    events.add(done)
    const undo = importEvent('import.undone', record, { undone, kept: kept.length })
    await emitEvents(client, tenant, { collected: events, events: [undo] })
    await markUndone(client, importId, kept)
    return { import: importId, undone, kept }
  })
}

/** The rows of the file were applied first, in their order, then people whom it did not name: -1, -2 … */
function lastFirst(a: WrittenPerson, b: WrittenPerson): number {
  return a.row < 0 && b.row < 0 ? a.row - b.row : a.row < 0 ? -1 : b.row < 0 ? 1 : b.row - a.row
}

function invertPerson(person: WrittenPerson): Change[] {
  return person.changes.map(invertChange)
}

/** True when it went through; false, with nothing written, when the rows are no longer as the import left them. */
async function attempt(client: pg.ClientBase, write: () => Promise<void>): Promise<boolean> {
  await client.query('savepoint person')
  try {
    await write()
    await client.query('set constraints all immediate')
    await client.query('release savepoint person')
    return true
  } catch (error) {
    if (!wasEditedSince(error)) throw error
    await client.query('rollback to savepoint person')
    return false
  }
}

function wasEditedSince(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'plan-stale' || (code?.startsWith(INTEGRITY_CLASS) ?? false)
}
