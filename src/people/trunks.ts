import { readRows } from '../apply/read-rows.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { projectTrunk } from '../plan/asterisk-rows.ts'
import { diffAsterisk, diffOwn } from '../plan/diff.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { readState } from './read-state.ts'
import { writeChanges } from './write-changes.ts'

export type ListedTrunk = { id: number; name: string; match: string }

/** Carriers of the tenant, by name. */
export function listTrunks(desk: PeopleDesk, tenant: Tenant): Promise<ListedTrunk[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ListedTrunk>('select id, name, match from trunks order by name')
    return rows
  })
}

/** @throws AppError `trunk-unknown` */
export function removeTrunk(desk: PeopleDesk, tenant: Tenant, name: string, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const [trunk] = await readRows(client, 'offhook.trunks', 't.name = $1', [name], codecOf(desk, tenant))
    if (!trunk) throw new AppError('trunk-unknown', `The tenant ${tenant.slug} has no trunk ${name}.`)
    const projected = projectTrunk(tenant, trunk)
    const state = await readState(client, projected, codecOf(desk, tenant))
    const theirs = diffAsterisk(projected, [], state, { adopt: false, row: 0 })
    const changes = [...diffOwn([{ table: 'offhook.trunks', row: trunk }], []), ...theirs.changes]
    await writeChanges(client, desk, tenant, changes, { actor, action: 'trunk-remove', object: name })
  })
}
