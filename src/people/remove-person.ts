import type pg from 'pg'
import { insertImport, markApplied } from '../db/imports.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { Change, PersonPlan } from '../plan/change.ts'
import { planRemoval } from '../plan/plan-import.ts'
import { startRun, withSnapshot } from '../plan/snapshot.ts'
import { readDefaultLayers } from './default-layers.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { readPeopleRows } from './read-people-rows.ts'
import { openSupply } from './supply.ts'
import { takeSnapshot } from './take-snapshot.ts'
import { writeChanges } from './write-changes.ts'
import { storeChanges } from './written-changes.ts'

/** `keep`: their public numbers stay with the tenant and ring nobody. */
export type RemovalOptions = { dids: 'keep' | 'delete'; actor: string }

/**
 * Deletes somebody with extension, mailbox and the phones that nobody else is on, as an import that can be undone.
 * @returns the import
 * @throws AppError `user-unknown`
 */
export async function removePerson(
  desk: PeopleDesk,
  tenant: Tenant,
  userId: number,
  { dids, actor }: RemovalOptions,
): Promise<{ import: number; who: string }> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const planned = await planOne(client, desk, tenant, userId)
    const person = { ...planned, row: -1, changes: dids === 'keep' ? planned.changes.map(keepDid) : planned.changes }
    const options = { remove: userId, dids }
    const id = await insertImport(client, { tenant_id: tenant.id, source: 'api', actor, options, state: 'applying' })
    await storeChanges(client, tenant, id, [person], desk.vault)
    const deed = { actor, action: 'user-remove', object: `user ${userId}`, detail: { import: id } }
    await writeChanges(client, desk, tenant, person.changes, deed)
    await markApplied(client, id, { new: 0, changed: 0, unchanged: 0, missing: 1, problem: 0 }, [])
    return { import: id, who: person.who }
  })
}

async function planOne(client: pg.PoolClient, desk: PeopleDesk, tenant: Tenant, userId: number): Promise<PersonPlan> {
  const codec = codecOf(desk, tenant)
  const { people, devices } = await readPeopleRows(client, [userId], codec)
  const [person] = people
  if (!person) throw new AppError('user-unknown', `The tenant ${tenant.slug} has no user ${userId}.`)
  const { rulesAt } = await readDefaultLayers(client, desk, tenant)
  const snapshot = await takeSnapshot(client, tenant.id, [{ row: 0, user_id: userId }], codec)
  const supply = await openSupply(client, 1, desk)
  const run = startRun({ tenant, models: desk.models, adopt: false, update: true, supply, rulesAt })
  return planRemoval(person, withSnapshot(run, { ...snapshot, devices }))
}

function keepDid(change: Change): Change {
  if (change.table !== 'offhook.dids' || change.after) return change
  return { ...change, after: { ...change.before, extension_id: null } }
}
