import type pg from 'pg'
import { insertImport, markApplied } from '../db/imports.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { PersonPlan } from '../plan/change.ts'
import { planRemoval, type RemovalChoice } from '../plan/plan-removal.ts'
import { startRun, withSnapshot } from '../plan/snapshot.ts'
import { readDefaultLayers } from './default-layers.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { readPeopleRows } from './read-people-rows.ts'
import { openSupply } from './supply.ts'
import { takeSnapshot } from './take-snapshot.ts'
import { emitEvents } from './webhooks/emit-events.ts'
import { importEvent } from './webhooks/import-event.ts'
import { writeChanges } from './write-changes.ts'
import { storeChanges } from './written-changes.ts'

/** The import that can be undone, and who was deleted: name and number. */
export type Removed = { import: number; who: string[] }

/**
 * Deletes people, with what was chosen for their mailboxes, public numbers and phones, as one import that can be undone.
 * @param userIds each at most once
 * @throws AppError `user-unknown` for the first who is not there; then nobody is deleted
 */
export async function removePeople(
  desk: PeopleDesk,
  tenant: Tenant,
  userIds: readonly number[],
  choice: RemovalChoice,
  actor: string,
): Promise<Removed> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const people = await planRemovals(client, desk, tenant, userIds, choice)
    const options = { remove: userIds, ...choice }
    const id = await insertImport(client, { tenant_id: tenant.id, source: 'remove', actor, options, state: 'applying' })
    await storeChanges(client, tenant, id, people, desk.vault)
    const detail = { users: userIds, ...choice }
    const changes = people.flatMap((person) => person.changes)
    await writeChanges(client, desk, tenant, changes, {
      ...{ actor, action: 'user-remove', object: `import ${id}`, detail },
    })
    const counts = { new: 0, changed: 0, unchanged: 0, missing: people.length, problem: 0 }
    await emitEvents(client, tenant, { events: [importEvent('import.completed', { id, source: 'remove' }, counts)] })
    await markApplied(client, id, counts, [])
    return { import: id, who: people.map(({ who }) => who) }
  })
}

/** People under the rows -1, -2 …, as those that an import does not name. */
async function planRemovals(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  userIds: readonly number[],
  choice: RemovalChoice,
): Promise<PersonPlan[]> {
  const codec = codecOf(desk, tenant)
  const { people, devices } = await readPeopleRows(client, [...userIds], codec)
  const found = new Map(people.map((person) => [Number(person.user['id']), person]))
  const missing = userIds.find((id) => !found.has(id))
  if (missing !== undefined) throw new AppError('user-unknown', `The tenant ${tenant.slug} has no user ${missing}.`)
  const snapshot = await takeSnapshot(client, tenant.id, { people: [], userIds: [...userIds] }, codec)
  const { rulesAt } = await readDefaultLayers(client, desk, tenant)
  const supply = await openSupply(client, 1, desk)
  const run = startRun({ tenant, models: desk.models, adopt: false, update: true, supply, rulesAt })
  return [...found.values()].map((person, at) => ({
    ...planRemoval(person, withSnapshot(run, { ...snapshot, devices }), choice),
    row: -1 - at,
  }))
}
