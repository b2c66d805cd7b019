import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { readSubscribed, queueEvents, readPeopleNamed, readUsersOfExtensions } from '../../db/webhook-events.ts'
import type { WebhookEvent } from '../../model/webhook-event.ts'
import type { Change } from '../../plan/change.ts'
import type { Row } from '../../plan/row.ts'
import { type CollectedEvents, type EventCollector, startEvents } from './collect-events.ts'

/** What changes mean for those who want to be told, within the transaction that makes them. */
export function emitChanges(client: Queryable, tenant: Tenant, changes: readonly Change[]): Promise<void> {
  const events = startEvents()
  events.add(changes)
  return emitEvents(client, tenant, { collected: events })
}

/**
 * Queues what happened for every webhook that wants to be told, within the transaction in which it happens: two or three
 * statements whatever the number of people, and a single one where nobody wants to be told.
 */
export async function emitEvents(
  client: Queryable,
  tenant: Tenant,
  what: { collected?: EventCollector; events?: readonly WebhookEvent[] },
): Promise<void> {
  const subscribed = await readSubscribed(client, tenant.id)
  if (subscribed.size === 0) return
  const collected = what.collected?.take() ?? null
  const all = [...(collected ? await describe(client, tenant, collected) : []), ...(what.events ?? [])]
  const wanted = all.filter(({ type }) => subscribed.has(type))
  const named = wanted.map(({ type, data }) => ({ type, data: { tenant: tenant.slug, ...data } }))
  await queueEvents(client, tenant.id, named)
}

async function describe(client: Queryable, tenant: Tenant, collected: CollectedEvents): Promise<WebhookEvent[]> {
  const users = new Map(collected.users)
  if (collected.extensionIds.length > 0)
    for (const id of await readUsersOfExtensions(client, tenant.id, collected.extensionIds))
      if (!users.has(id)) users.set(id, { type: 'user.changed', row: null })
  const people = await readPeopleNamed(client, tenant.id, [...users.keys()])
  const events: WebhookEvent[] = []
  for (const [id, { type, row }] of users) {
    const person = people.get(id)
    if (person) events.push({ type, data: { user: person } })
    else if (row) events.push({ type: 'user.removed', data: { user: nameRow(row, collected.freed.get(id) ?? []) } })
  }
  const devices = collected.devices.map(({ type, row }) => ({ type, data: { device: nameDevice(row) } }))
  return [...events, ...devices]
}

function nameRow(row: Row, extensions: string[]) {
  const name = [row['first_name'], row['last_name']].filter(Boolean).join(' ')
  return { id: Number(row['id']), username: String(row['username']), name, extensions }
}

function nameDevice({ id, mac, name, family, model, user_id }: Row) {
  return { id: Number(id), mac: mac ?? null, name, family, model, user_id: user_id === null ? null : Number(user_id) }
}
