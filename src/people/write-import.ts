import type pg from 'pg'
import { sendChanges } from '../apply/apply-changes.ts'
import { readColumnTypes } from '../apply/column-types.ts'
import { type OutboxEntry, outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { writeAudit } from '../db/audit.ts'
import { insertImport, markApplied } from '../db/imports.ts'
import type { ImportProgress } from '../db/import-progress.ts'
import { AppError } from '../model/app-error.ts'
import type { PersonPlan } from '../plan/change.ts'
import { queueAfterImport } from './after-import.ts'
import { codecOf, type PeopleDesk } from './desk.ts'
import { describeOptions } from './import-options.ts'
import { type ImportOutcome, startSummary } from './import-outcome.ts'
import type { ImportRequest } from './import-people.ts'
import { openImport, type ImportInput } from './open-import.ts'
import { planInChunks } from './plan-chunks.ts'
import { rememberChoices } from './remember-choices.ts'
import { startEvents } from './webhooks/collect-events.ts'
import { emitEvents } from './webhooks/emit-events.ts'
import { importEvent } from './webhooks/import-event.ts'
import { storeChanges } from './written-changes.ts'

/** Thrown to roll back: with problems nothing is written, and only the end of the file tells whether there are any. */
export class Refused extends Error {
  readonly outcome: ImportOutcome
  constructor(outcome: ImportOutcome) {
    super('refused')
    this.outcome = outcome
  }
}

/** A stored import that somebody has seen and approved: it may do what it was planned to do, and nothing else. */
export type Approved = {
  id: number
  /** Whether these people's plans are others than those that were seen. */
  differ(people: readonly PersonPlan[]): Promise<boolean>
}

export type WriteRun = ImportRequest &
  ImportInput & { approved?: Approved; onProgress?: (progress: ImportProgress) => void }

/**
 * Plans and writes inside the caller's transaction. New people are written chunk by chunk, each while the next one is
 * planned; who changes or leaves comes last, all at once, for a phone may go from one to another.
 * @throws Refused with problems; AppError `plan-stale` when it would do something else than was approved
 */
export async function writeImport(client: pg.PoolClient, desk: PeopleDesk, run: WriteRun): Promise<ImportOutcome> {
  const { tenant, options, approved } = run
  run.onProgress?.({ phase: 'reading', done: 0, total: 0 })
  const opened = await openImport(client, desk, run)
  const summary = startSummary(opened, options)
  const id = approved?.id ?? (await insertRecord(client, run))
  const codec = codecOf(desk, tenant)
  const types = await readColumnTypes(client)
  const entries: OutboxEntry[] = []
  const created: number[] = []
  const events = startEvents()
  let differs = false
  const isRefused = () => summary.problems.length > 0 && !options.onlyValid
  let underWay: Promise<unknown> = Promise.resolve()
  const write = async (people: PersonPlan[]) => {
    const chosen = summary.add(people)
    if (isRefused() || differs) return
    const changes = chosen.flatMap((person) => person.changes)
    await underWay
    const { done } = await sendChanges(client, changes, tenant.id, codec, types)
    underWay = Promise.all([done, storeChanges(client, tenant, id, chosen, desk.vault)])
    underWay.catch(() => undefined) // Whoever awaits it next hears of it.
    entries.push(...outboxEntries(changes))
    events.add(changes)
    created.push(...chosen.flatMap(createdUser))
  }
  const later: PersonPlan[] = []
  let done = 0
  const missing = await planInChunks(client, desk, { tenant, opened, options }, async (people) => {
    later.push(...people.filter((person) => !isNew(person)))
    const [differ] = await Promise.all([approved?.differ(people), write(people.filter(isNew))])
    differs ||= differ ?? false
    done += people.length
    run.onProgress?.({ phase: 'writing', done, total: Math.max(opened.read.rows, done) })
  }).catch(async (error: unknown) => {
    await underWay // Once it has failed, every statement after it fails: it is the cause.
    throw error
  })
  await write(later)
  await underWay
  const outcome = summary.finish(isRefused() ? 'refused' : 'applied', isRefused() ? null : id, missing)
  if (isRefused()) throw new Refused(outcome)
  if ((differs as boolean) && sum(outcome.changes) > 0)
    throw new AppError('plan-stale', `Import ${id} would do something else than when it was planned. Look at it again.`)
  await writeOutbox(client, tenant.id, entries)
  const detail = { source: run.source, ...outcome.counts }
  await writeAudit(client, { tenantId: tenant.id, actor: run.actor, action: 'import', object: `import ${id}`, detail })
  await rememberChoices(client, { tenantId: tenant.id, actor: run.actor }, options)
  await queueAfterImport(client, desk.vault, {
    ...{ tenant, importId: id, source: run.source, createdUserIds: created, counts: outcome.counts },
    options: { mail: opened.layers.rulesAt(null).mail, notify: options.notify },
  })
  const completed = importEvent('import.completed', { id, source: run.source }, outcome.counts)
  await emitEvents(client, tenant, { collected: events, events: [completed] })
  await markApplied(client, id, outcome.counts, outcome.problems)
  return outcome
}

function insertRecord(client: pg.PoolClient, { tenant, source, actor, options }: ImportRequest): Promise<number> {
  return insertImport(client, {
    ...{ tenant_id: tenant.id, source, actor, options: describeOptions(options), state: 'applying' },
  })
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

function createdUser({ verdict, changes }: PersonPlan): number[] {
  const user = verdict === 'new' ? changes.find(({ table }) => table === 'offhook.users') : undefined
  return user ? [Number(user.key)] : []
}

/** Somebody who only adds rows: nothing of theirs can stand in the way of others or wait for them. */
function isNew(person: PersonPlan): boolean {
  return person.verdict === 'new' && !person.waits && person.changes.every(({ before }) => before === null)
}
