import type { EventType } from '../model/webhook-event.ts'
import type { SecretPlace } from '../secrets/vault.ts'
import type { Queryable } from './pool.ts'

export type WebhookRecord = {
  id: number
  url: string
  events: EventType[]
  enabled: boolean
  /** Why it was switched off without being asked. */
  note: string | null
  /** Until when the secret before the last rotation signs too. */
  previous_until: Date | null
  created_at: Date
  created_by: string
}

const COLUMNS = 'id, url, events, enabled, note, previous_until, created_at, created_by'

/** Where its secrets are sealed. */
export function webhookPlace(slug: string, webhookId: number, column: 'secret' | 'previous_secret'): SecretPlace {
  return { tenant: slug, table: 'offhook.webhooks', row: String(webhookId), column }
}

/** In the order in which they were made. */
export async function listWebhookRows(client: Queryable, tenantId: number): Promise<WebhookRecord[]> {
  const { rows } = await client.query<WebhookRecord>(
    `select ${COLUMNS} from offhook.webhooks where tenant_id = $1 order by id`,
    [tenantId],
  )
  return rows
}

export type LockedWebhook = WebhookRecord & { secret: Buffer }

/** Undefined when there is none. Nobody else changes it until the transaction ends. */
export async function lockWebhook(
  client: Queryable,
  tenantId: number,
  webhookId: number,
): Promise<LockedWebhook | undefined> {
  const { rows } = await client.query<LockedWebhook>(
    `select ${COLUMNS}, secret from offhook.webhooks where tenant_id = $1 and id = $2 for update`,
    [tenantId, webhookId],
  )
  return rows[0]
}

/** @param seal called with the new id */
export async function insertWebhook(
  client: Queryable,
  webhook: { tenantId: number; url: string; events: readonly EventType[]; actor: string },
  seal: (id: number) => Buffer,
): Promise<WebhookRecord> {
  const { rows: ids } = await client.query<{ id: number }>(`select nextval('offhook.ids') as id`)
  const { id } = ids[0]!
  const { rows } = await client.query<WebhookRecord>(
    `insert into offhook.webhooks (id, tenant_id, url, secret, events, created_by)
     values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
    [id, webhook.tenantId, webhook.url, seal(id), webhook.events, webhook.actor],
  )
  return rows[0]!
}

/** Switching one on again forgets why it was off. */
export async function updateWebhook(
  client: Queryable,
  webhookId: number,
  change: { url: string; events: readonly EventType[]; enabled: boolean },
): Promise<WebhookRecord> {
  const { rows } = await client.query<WebhookRecord>(
    `update offhook.webhooks set url = $2, events = $3, enabled = $4, note = case when $4 then null else note end
     where id = $1 returning ${COLUMNS}`,
    [webhookId, change.url, change.events, change.enabled],
  )
  return rows[0]!
}

/** The one before signs too for some hours. */
export async function replaceSecret(
  client: Queryable,
  webhookId: number,
  secrets: { secret: Buffer; previous: Buffer; overlapHours: number },
): Promise<WebhookRecord> {
  const { rows } = await client.query<WebhookRecord>(
    `update offhook.webhooks set secret = $2, previous_secret = $3, previous_until = now() + make_interval(hours => $4)
     where id = $1 returning ${COLUMNS}`,
    [webhookId, secrets.secret, secrets.previous, secrets.overlapHours],
  )
  return rows[0]!
}

/** With all of its deliveries. */
export async function deleteWebhookRow(client: Queryable, webhookId: number): Promise<void> {
  await client.query('delete from offhook.webhooks where id = $1', [webhookId])
}

/** Switches one off that says that it wants no more. */
export async function disableWebhook(client: Queryable, webhookId: number, note: string): Promise<void> {
  await client.query('update offhook.webhooks set enabled = false, note = $2 where id = $1', [webhookId, note])
}
