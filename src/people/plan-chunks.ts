import type pg from 'pg'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { ReadPerson } from '../import/people-from-table.ts'
import type { Mac } from '../model/mac.ts'
import type { Person, PersonField } from '../model/person.ts'
import type { PersonPlan } from '../plan/change.ts'
import { planPeople } from '../plan/plan-import.ts'
import { isMover, MOVER_ATTEMPTS, planMovers } from '../plan/plan-movers.ts'
import { planRemoval } from '../plan/plan-removal.ts'
import { findFreedNumbers } from '../plan/renumber.ts'
import { type PlanRun, startRun, withSnapshot } from '../plan/snapshot.ts'
import { codecOf, type PeopleDesk } from './desk.ts'
import type { KnownPeople } from './known-people.ts'
import type { ImportOptions, OpenedImport } from './open-import.ts'
import { readPeopleRows } from './read-people-rows.ts'
import { openSupply } from './supply.ts'
import { takeSnapshot } from './take-snapshot.ts'
import { readTakenNumbers } from './taken-numbers.ts'

/** People whose plans are in memory at once: what bounds the memory of a large import. */
const CHUNK_PEOPLE = 1000

/**
 * Plans the people of an import chunk by chunk, those with faulty cells first, and hands each chunk to `work`. Plans rest
 * on what was there before: while `work` writes one chunk, the next one is planned and the one after it is looked up.
 * People whom the import does not name get the rows -1, -2 …
 * @returns how many people of the tenant it does not name
 */
export async function planInChunks(
  client: pg.ClientBase,
  desk: PeopleDesk,
  run: { tenant: Tenant; opened: OpenedImport; options: ImportOptions; use?: 'write' | 'show' },
  work: (people: PersonPlan[]) => Promise<void> | void,
): Promise<number> {
  const plan = async (reader: pg.ClientBase) => {
    const chunks = planChunks(client, reader, desk, run)
    for (;;) {
      const next = await chunks.next()
      if (next.done) return next.value
      await work(next.value)
    }
  }
  // A connection of its own, for look-ups would wait for what is written before them.
  const isLarge = run.opened.read.people.length > CHUNK_PEOPLE
  return isLarge ? inTransaction(desk.pool, run.tenant.id, plan) : plan(client)
}

async function* planChunks(
  client: pg.ClientBase,
  reader: pg.ClientBase,
  desk: PeopleDesk,
  { tenant, opened: { read, known, layers }, options, use = 'write' }: Parameters<typeof planInChunks>[2],
): AsyncGenerator<PersonPlan[], number> {
  const codec = codecOf(desk, tenant)
  const { movers, others, freed } = splitMovers(read.people, known)
  const supply = await openSupply(client, movers.length * MOVER_ATTEMPTS, desk, use)
  const planned = {
    tenant,
    models: desk.models,
    adopt: options.adopt ?? false,
    update: options.update ?? false,
    reissue: options.reissue ?? false,
    supply,
    rulesAt: layers.rulesAt,
    contested: findContested(read.people),
    ...(layers.allocatesExtensions && { takenNumbers: await readTakenNumbers(client, tenant, read) }),
  }
  let run: Omit<PlanRun, 'snapshot'> = startRun(planned)
  const problems = Map.groupBy(read.problems, ({ row }) => row)
  for (let at = 0; at < read.faulty.length; at += CHUNK_PEOPLE)
    yield read.faulty.slice(at, at + CHUNK_PEOPLE).map(({ row }) => ({
      ...{ row, who: '', verdict: 'problem', changes: [], problems: problems.get(row) ?? [] },
    }))
  if (movers.length > 0) {
    const snapshot = await takeSnapshot(client, tenant.id, { people: movers, userIds: known.findMeant(movers) }, codec)
    const start = (freed: PlanRun['freed']) => withSnapshot(startRun({ ...planned, freed }), snapshot)
    const done = planMovers(movers, freed, start)
    run = done.run
    yield done.plans
  }
  const look = (at: number) => {
    if (at >= others.length) return null
    const chunk = others
      .slice(at, at + CHUNK_PEOPLE)
      .map((person) => (known.has(person) ? withoutDefaults(person) : person))
    const userIds = known.findMeant(chunk)
    const looked = Promise.all([
      takeSnapshot(reader, tenant.id, { people: chunk, userIds }, codec),
      supply.reserve(reader, chunk.length),
    ]).then(([snapshot]) => ({ chunk, snapshot }))
    looked.catch(() => undefined) // Whoever awaits it next hears of it.
    return looked
  }
  let next = look(0)
  for (let at = CHUNK_PEOPLE; next; at += CHUNK_PEOPLE) {
    const { chunk, snapshot } = await next
    next = look(at)
    yield planPeople(chunk, withSnapshot(run, snapshot))
  }
  const absent = known.userIds.filter((id) => !run.rowOfUser.has(id))
  if (options.prune) {
    const { people, devices } = await readPeopleRows(client, absent, codec)
    const snapshot = await takeSnapshot(client, tenant.id, { people: people.map(toKeys), userIds: absent }, codec)
    yield people.map((rows, at) => ({
      ...planRemoval(rows, withSnapshot(run, { ...snapshot, devices })),
      row: -1 - at,
    }))
  }
  return absent.length
}

/** Who changes numbers with whom must be planned together, however far apart the rows stand. */
function splitMovers(people: readonly ReadPerson[], known: KnownPeople) {
  const freed = findFreedNumbers(people, known.keys)
  const givers = new Set([...freed.values()].map(({ row }) => row))
  const groups = Map.groupBy(people, (person) => isMover(person, freed, givers))
  const isKnown = ({ extension, ...person }: ReadPerson) =>
    known.has(typeof extension === 'string' && freed.has(extension) ? person : { ...person, extension })
  const movers = (groups.get(true) ?? []).map((person) => (isKnown(person) ? withoutDefaults(person) : person))
  return { freed, movers, others: groups.get(false) ?? [] }
}

/** MAC addresses that stand in more than one row. */
function findContested(people: readonly Person[]): Set<Mac> {
  const seen = new Set<Mac>()
  const contested = new Set<Mac>()
  for (const { mac } of people) {
    if (!mac) continue
    if (seen.has(mac)) contested.add(mac)
    else seen.add(mac)
  }
  return contested
}

/** Enough of a person for a snapshot to show what Asterisk holds for them. */
function toKeys({ extension }: { extension: { readonly [column: string]: unknown } | null }): Person {
  return { row: 0, extension: extension ? String(extension['number']) : undefined }
}

/** Defaults complete new people; nobody who is there is changed by them. */
function withoutDefaults(person: ReadPerson): Person {
  const { defaulted, ...rest } = person
  if (!defaulted) return rest
  const kept = Object.entries(rest).filter(([field]) => !defaulted.includes(field as PersonField))
  return Object.fromEntries(kept) as Person
}
