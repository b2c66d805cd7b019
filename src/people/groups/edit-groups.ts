import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { Row } from '../../plan/row.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from '../desk.ts'
import { writeChanges } from '../write-changes.ts'
import { expectFree, findGroup, type GroupFields, readGroupFields } from './group.ts'
import { planGroup, readMembers } from './write-group.ts'

/**
 * Adds a skill group: a queue of Asterisk, and the extension that leads into it. @returns its id
 * @throws AppError `input-invalid`, `already-there` or `in-use`
 */
export async function addGroup(
  desk: PeopleDesk,
  tenant: Tenant,
  fields: GroupFields & { name: string },
  actor: string,
): Promise<number> {
  const columns = readGroupFields(fields)
  return asOnlyWriter(desk, tenant, async (client) => {
    const { rows } = await client.query<{ id: number; queues: string[] }>(
      `select nextval('ids') as id, array(select queue from groups where tenant_id = $1) as queues`,
      [tenant.id],
    )
    const { id, queues } = rows[0]!
    const group: Row = {
      ...{ id, tenant_id: tenant.id, number: null, strategy: 'ringall', timeout_seconds: 300, ring_seconds: 15 },
      ...{ ...columns, queue: nameQueue(String(columns['name']), id, tenant.slug, new Set(queues)) },
    }
    await expectFree(client, tenant.id, group)
    const changes = await planGroup(client, desk, tenant, { group: null, members: [] }, { group, members: [] })
    await writeChanges(client, desk, tenant, changes, { actor, action: 'group-add', object: String(group['name']) })
    return id
  })
}

/** Changes a group by name or id. @throws AppError `group-unknown`, `input-invalid`, `already-there` or `in-use` */
export async function setGroup(
  desk: PeopleDesk,
  tenant: Tenant,
  text: string,
  fields: GroupFields,
  actor: string,
): Promise<void> {
  const columns = readGroupFields(fields)
  await asOnlyWriter(desk, tenant, async (client) => {
    const before = await findGroup(client, tenant.id, text, codecOf(desk, tenant))
    const group: Row = { ...before, ...columns }
    await expectFree(client, tenant.id, group)
    const members = await readMembers(client, desk, tenant, before)
    const changes = await planGroup(client, desk, tenant, { group: before, members }, { group, members })
    const deed = { actor, action: 'group-set', object: String(before['name']), detail: { ...columns } }
    await writeChanges(client, desk, tenant, changes, deed)
  })
}

/** Removes a group with its queue; its members stay as people. @throws AppError `group-unknown` */
export async function removeGroup(desk: PeopleDesk, tenant: Tenant, text: string, actor: string): Promise<void> {
  await asOnlyWriter(desk, tenant, async (client) => {
    const group = await findGroup(client, tenant.id, text, codecOf(desk, tenant))
    const members = await readMembers(client, desk, tenant, group)
    const changes = await planGroup(client, desk, tenant, { group, members }, { group: null, members: [] })
    const deed = {
      ...{ actor, action: 'group-remove', object: String(group['name']), detail: { members: members.length } },
    }
    await writeChanges(client, desk, tenant, changes, deed)
  })
}

/**
 * Says in which order a member is called: 0 first, higher numbers when nobody before is free.
 * @throws AppError `group-unknown`, `user-unknown` for somebody who is not in it, `input-invalid`
 */
export async function rankMember(
  desk: PeopleDesk,
  tenant: Tenant,
  { group: text, extension, penalty }: { group: string; extension: string; penalty: number },
  actor: string,
): Promise<void> {
  if (!Number.isInteger(penalty) || penalty < 0 || penalty > 100)
    throw new AppError('input-invalid', 'A rank is 0 to 100.')
  await asOnlyWriter(desk, tenant, async (client) => {
    const group = await findGroup(client, tenant.id, text, codecOf(desk, tenant))
    const { rows } = await client.query<{ id: number }>(
      'select user_id as id from extensions where tenant_id = $1 and number = $2',
      [tenant.id, extension],
    )
    const members = await readMembers(client, desk, tenant, group)
    const member = members.find((row) => row['user_id'] === rows[0]?.id)
    if (!member) throw new AppError('user-unknown', `${extension} is not in the group ${String(group['name'])}.`)
    const ranked = members.map((row) => (row === member ? { ...row, penalty } : row))
    const changes = await planGroup(client, desk, tenant, { group, members }, { group, members: ranked })
    const detail = { extension, penalty }
    await writeChanges(client, desk, tenant, changes, {
      ...{ actor, action: 'group-rank', object: String(group['name']), detail },
    })
  })
}

/** `sales-acme`, or `sales-4711-acme` when that is taken: what Asterisk, its log and its statistics call the queue. */
function nameQueue(name: string, id: number, slug: string, taken: ReadonlySet<string>): string {
  // Upper case first: it makes ß into SS.
  const letters = name.normalize('NFKD').toUpperCase().toLowerCase().replaceAll(/\p{M}/gu, '')
  const stem = letters
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 30)
  const queue = `${stem || 'group'}-${slug}`
  return taken.has(queue) ? `${stem || 'group'}-${id}-${slug}` : queue
}
