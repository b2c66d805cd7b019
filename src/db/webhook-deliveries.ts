import type { Queryable } from './pool.ts'

export type DeliveryState = 'queued' | 'sent' | 'failed'

/** What became of telling one webhook of one event. */
export type DeliveryRecord = {
  id: number
  webhook_id: number
  event_id: string
  type: string
  state: DeliveryState
  attempts: number
  /** HTTP status of the last answer; null when there was none. */
  last_status: number | null
  last_error: string | null
  created_at: Date
  next_attempt_at: Date
  sent_at: Date | null
}

export type DeliveryPage = {
  state?: DeliveryState | undefined
  /** Only older ones, for the next page. */
  beforeId?: number | undefined
  limit: number
}

/** The newest first. */
export async function selectDeliveries(
  client: Queryable,
  webhookId: number,
  { state, beforeId, limit }: DeliveryPage,
): Promise<DeliveryRecord[]> {
  const { rows } = await client.query<DeliveryRecord>(
    `select id, webhook_id, event_id, type, state, attempts, last_status, last_error, created_at, next_attempt_at, sent_at
     from offhook.webhook_deliveries
     where webhook_id = $1 and ($2::text is null or state = $2) and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [webhookId, state ?? null, beforeId ?? null, limit],
  )
  return rows
}

/** Queues one delivery of a webhook, or with null all that failed, once more. @returns how many */
export async function requeueDeliveries(
  client: Queryable,
  webhookId: number,
  deliveryId: number | null,
): Promise<number> {
  const { rowCount } = await client.query(
    `update offhook.webhook_deliveries
     set state = 'queued', attempts = 0, next_attempt_at = now(), last_status = null, last_error = null
     where webhook_id = $1 and ($2::bigint is null and state = 'failed' or id = $2)`,
    [webhookId, deliveryId],
  )
  await client.query(`select pg_notify('offhook_webhooks', '')`)
  return rowCount ?? 0
}
