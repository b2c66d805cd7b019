import type pg from 'pg'
import { applyChanges } from '../apply/apply-changes.ts'
import { type OutboxEntry, outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { writeAudit } from '../db/audit.ts'
import { insertImport, markApplied } from '../db/imports.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { PersonPlan } from '../plan/change.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { type ImportOutcome, startSummary } from './import-outcome.ts'
import { type ImportOptions, openImport, planChunks } from './plan-chunks.ts'
import { storePlan } from './stored-plan.ts'

export type ImportRequest = {
  tenant: Tenant
  /** File name or other origin, for the history. */
  source: string
  actor: string
  bytes: Buffer
  options: ImportOptions
}

/** What would happen: the import without its last step. */
export async function previewImport(desk: PeopleDesk, request: ImportRequest): Promise<ImportOutcome> {
  const { tenant, bytes, options } = request
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const opened = await openImport(client, desk, tenant, bytes, options)
    const summary = startSummary(opened.read, options)
    const missing = await forEachChunk(planChunks(client, desk, tenant, opened, options), (people) => {
      summary.add(people)
    })
    return summary.finish('previewed', null, missing)
  })
}

/** Thrown to roll back: with problems nothing is written, and only the end of the file tells whether there are any. */
class Refused extends Error {
  readonly outcome: ImportOutcome
  constructor(outcome: ImportOutcome) {
    super('refused')
    this.outcome = outcome
  }
}

/**
 * Plans and applies in one transaction, as the tenant's only writer, so the plan cannot be stale. With problems nothing
 * is written, unless only the valid rows were asked for. New people are written chunk by chunk; who changes or leaves
 * comes last, all at once, for a phone may go from one to another.
 */
export async function applyImport(desk: PeopleDesk, request: ImportRequest): Promise<ImportOutcome> {
  try {
    return await asOnlyWriter(desk, request.tenant, (client) => writeImport(client, desk, request))
  } catch (error) {
    if (error instanceof Refused) return error.outcome
    throw error
  }
}

async function writeImport(client: pg.PoolClient, desk: PeopleDesk, request: ImportRequest): Promise<ImportOutcome> {
  const { tenant, options } = request
  const opened = await openImport(client, desk, tenant, request.bytes, options)
  const summary = startSummary(opened.read, options)
  const record = {
    tenant_id: tenant.id,
    source: request.source,
    actor: request.actor,
    options: describeOptions(options),
  }
  const id = await insertImport(client, record)
  const entries: OutboxEntry[] = []
  const write = async (people: PersonPlan[]) => {
    const chosen = summary.add(people)
    if (summary.problems.length > 0 && !options.onlyValid) return
    const changes = chosen.flatMap((person) => person.changes)
    await storePlan(client, tenant, id, chosen, desk.vault)
    await applyChanges(client, changes, tenant.id, codecOf(desk, tenant))
    entries.push(...outboxEntries(changes))
  }
  const later: PersonPlan[] = []
  const missing = await forEachChunk(planChunks(client, desk, tenant, opened, options), async (people) => {
    later.push(...people.filter((person) => !isNew(person)))
    await write(people.filter(isNew))
  })
  await write(numberRemovals(later))
  if (summary.problems.length > 0 && !options.onlyValid) throw new Refused(summary.finish('refused', null, missing))
  const outcome = summary.finish('applied', id, missing)
  await writeOutbox(client, tenant.id, entries)
  const detail = { source: request.source, ...outcome.counts }
  await writeAudit(client, {
    tenantId: tenant.id,
    actor: request.actor,
    action: 'import',
    object: `import ${id}`,
    detail,
  })
  await markApplied(client, id, outcome.counts, outcome.problems)
  return outcome
}

const SECRET_FIELDS: readonly string[] = ['voicemail_pin', 'password']

/** For the history: what was asked for, less what nobody shall read there. */
function describeOptions({ set, ...options }: ImportOptions): Record<string, unknown> {
  const shown = Object.entries(set ?? {}).map(([field, value]) => [
    field,
    SECRET_FIELDS.includes(field) ? '***' : value,
  ])
  return { ...options, ...(set && { set: Object.fromEntries(shown) as Record<string, string> }) }
}

/** Somebody who only adds rows: nothing of theirs can stand in the way of others or wait for them. */
function isNew(person: PersonPlan): boolean {
  return person.verdict === 'new' && !person.waits && person.changes.every(({ before }) => before === null)
}

async function forEachChunk<R>(
  chunks: AsyncGenerator<PersonPlan[], R>,
  work: (people: PersonPlan[]) => Promise<void> | void,
): Promise<R> {
  for (;;) {
    const next = await chunks.next()
    if (next.done) return next.value
    await work(next.value)
  }
}

/** Absent people have no row in the file: they are stored as negative numbers. */
function numberRemovals(people: PersonPlan[]): PersonPlan[] {
  let next = 0
  return people.map((person) => (person.verdict === 'missing' ? { ...person, row: --next } : person))
}
