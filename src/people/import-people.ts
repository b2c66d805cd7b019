import { applyChanges } from '../apply/apply-changes.ts'
import { outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { writeAudit } from '../db/audit.ts'
import { type ImportCounts, insertImport, markApplied } from '../db/imports.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Problem } from '../model/problem.ts'
import { type PersonPlan, verbOf, type Verb } from '../plan/change.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { type ImportOptions, type PlannedImport, planPeople } from './plan-people.ts'
import { storePlan } from './stored-plan.ts'

export type ImportRequest = {
  tenant: Tenant
  /** File name or other origin, for the history. */
  source: string
  actor: string
  bytes: Buffer
  options: ImportOptions
}

export type ImportOutcome = {
  /** Null for a preview. */
  import: number | null
  state: 'previewed' | 'applied' | 'refused'
  rows: number
  counts: ImportCounts
  /** Rows of tables that are or would be written. */
  changes: Record<Verb, number>
  problems: Problem[]
  planned: PlannedImport
  /** People whose changes were held back: `--update` or `--only-valid` was not given. */
  heldBack: number
}

/** What would happen: the import without its last step. */
export async function previewImport(desk: PeopleDesk, request: ImportRequest): Promise<ImportOutcome> {
  const { tenant, bytes, options } = request
  const planned = await inTransaction(desk.pool, tenant.id, (client) =>
    planPeople(client, desk, tenant, bytes, options),
  )
  return summarise(planned, chosenPeople(planned, options), null, 'previewed')
}

/**
 * Plans and applies in one transaction, as the tenant's only writer, so the plan cannot be stale. With problems nothing
 * is written, unless only the valid rows were asked for.
 */
export async function applyImport(desk: PeopleDesk, request: ImportRequest): Promise<ImportOutcome> {
  const { tenant, options } = request
  return asOnlyWriter(desk, tenant, async (client) => {
    const planned = await planPeople(client, desk, tenant, request.bytes, options)
    const chosen = chosenPeople(planned, options)
    if (planned.problems.length > 0 && !options.onlyValid) return summarise(planned, [], null, 'refused')
    const changes = chosen.flatMap((person) => person.changes)
    const summary = summarise(planned, chosen, null, 'applied')
    const id = await insertImport(client, {
      tenant_id: tenant.id,
      source: request.source,
      actor: request.actor,
      options: { ...options },
      counts: summary.counts,
      problems: planned.problems,
    })
    await storePlan(client, tenant, id, numberRemovals(chosen), desk.vault)
    await applyChanges(client, changes, tenant.id, codecOf(desk, tenant))
    await writeOutbox(client, tenant.id, outboxEntries(changes))
    const detail = { source: request.source, ...summary.counts }
    await writeAudit(client, {
      tenantId: tenant.id,
      actor: request.actor,
      action: 'import',
      object: `import ${id}`,
      detail,
    })
    await markApplied(client, id)
    return { ...summary, import: id }
  })
}

/** Whose changes may be written with these options. */
function chosenPeople(planned: PlannedImport, options: ImportOptions): PersonPlan[] {
  return planned.people.filter(
    ({ verdict }) =>
      verdict === 'new' || (verdict === 'changed' && options.update) || (verdict === 'missing' && options.prune),
  )
}

/** Absent people have no row in the file: they are stored behind its end, as negative numbers. */
function numberRemovals(people: PersonPlan[]): PersonPlan[] {
  let next = 0
  return people.map((person) => (person.verdict === 'missing' ? { ...person, row: --next } : person))
}

function summarise(
  planned: PlannedImport,
  chosen: PersonPlan[],
  id: number | null,
  state: ImportOutcome['state'],
): ImportOutcome {
  const counts: ImportCounts = { new: 0, changed: 0, unchanged: 0, missing: planned.missing, problem: 0 }
  for (const { verdict } of planned.people) if (verdict !== 'missing') counts[verdict]++
  const changes: Record<Verb, number> = { create: 0, update: 0, delete: 0 }
  for (const person of chosen) for (const change of person.changes) changes[verbOf(change)]++
  const heldBack = planned.people.filter((person) => person.changes.length > 0 && !chosen.includes(person)).length
  return { import: id, state, rows: planned.read.rows, counts, changes, problems: planned.problems, planned, heldBack }
}
