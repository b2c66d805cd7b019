import { randomUUID } from 'node:crypto'
import type { EventType, WebhookEvent } from '../model/webhook-event.ts'
import type { Queryable } from './pool.ts'

/** A person as webhooks are told of one. */
export type NamedPerson = { id: number; username: string; name: string; extensions: string[] }

/** What anybody at this tenant wants to be told of. */
export async function readSubscribed(client: Queryable, tenantId: number): Promise<Set<EventType>> {
  const { rows } = await client.query<{ type: EventType }>(
    'select distinct unnest(events) as type from offhook.webhooks where tenant_id = $1 and enabled',
    [tenantId],
  )
  return new Set(rows.map(({ type }) => type))
}

/** Queues each event for every webhook that wants it, in one statement. They leave after the commit. */
export async function queueEvents(client: Queryable, tenantId: number, events: readonly WebhookEvent[]): Promise<void> {
  if (events.length === 0) return
  const named = events.map(({ type, data }) => ({ id: `msg_${randomUUID().replaceAll('-', '')}`, type, data }))
  await client.query(
    `insert into offhook.webhook_deliveries (tenant_id, webhook_id, event_id, type, body)
     select w.tenant_id, w.id, e.id, e.type,
       jsonb_build_object('type', e.type, 'data', e.data, 'timestamp', to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     from offhook.webhooks w, jsonb_to_recordset($2::jsonb) as e(id text, type text, data jsonb)
     where w.tenant_id = $1 and w.enabled and e.type = any (w.events)`,
    [tenantId, JSON.stringify(named)],
  )
}

/** Those of them who are there, by id. */
export async function readPeopleNamed(
  client: Queryable,
  tenantId: number,
  userIds: readonly number[],
): Promise<Map<number, NamedPerson>> {
  if (userIds.length === 0) return new Map()
  const { rows } = await client.query<NamedPerson>(
    `select id, username, concat_ws(' ', first_name, last_name) as name,
       array(select number from offhook.extensions x where x.tenant_id = u.tenant_id and x.user_id = u.id order by id)
         as extensions
     from offhook.users u where tenant_id = $1 and id = any ($2::bigint[])`,
    [tenantId, userIds],
  )
  return new Map(rows.map((person) => [person.id, person]))
}

/** Whose these extensions are, as far as they are there. */
export async function readUsersOfExtensions(
  client: Queryable,
  tenantId: number,
  extensionIds: readonly number[],
): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select distinct user_id as id from offhook.extensions
     where tenant_id = $1 and id = any ($2::bigint[]) and user_id is not null`,
    [tenantId, extensionIds],
  )
  return rows.map(({ id }) => id)
}
