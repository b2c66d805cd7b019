import type { Queryable } from './pool.ts'

export type ClaimedDelivery = {
  id: number
  webhook_id: number
  slug: string
  url: string
  /** Sealed. */
  secret: Buffer
  /** Sealed; null when it signs no more. */
  previous_secret: Buffer | null
  event_id: string
  /** The very bytes at every attempt: the signature is over them. */
  body: string
  attempts: number
}

/** Webhooks for which something is due, those that waited longest first. */
export async function listDueWebhooks(owner: Queryable): Promise<number[]> {
  const { rows } = await owner.query<{ id: number }>(
    `select w.id from offhook.webhooks w cross join lateral (
       select next_attempt_at from offhook.webhook_deliveries d
       where d.webhook_id = w.id and state = 'queued' order by next_attempt_at limit 1) first
     where w.enabled and first.next_attempt_at <= now() order by first.next_attempt_at`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Takes what is due for one webhook, for `leaseS` seconds: who dies with it in hand leaves it to be taken again after
 * that. Two processes never take the same one.
 */
export async function claimDeliveries(
  owner: Queryable,
  webhookId: number,
  limit: number,
  leaseS: number,
): Promise<ClaimedDelivery[]> {
  const { rows } = await owner.query<ClaimedDelivery>(
    `with due as (
       select id from offhook.webhook_deliveries where webhook_id = $1 and state = 'queued' and next_attempt_at <= now()
       order by next_attempt_at, id limit $2 for update skip locked)
     update offhook.webhook_deliveries d set attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $3)
     from due, offhook.webhooks w, offhook.tenants t
     where d.id = due.id and w.id = d.webhook_id and w.enabled and t.id = d.tenant_id
     returning d.id, d.webhook_id, t.slug, w.url, w.secret,
       case when w.previous_until > now() then w.previous_secret end as previous_secret,
       d.event_id, d.body::text as body, d.attempts`,
    [webhookId, limit, leaseS],
  )
  return rows
}

export async function markDelivered(owner: Queryable, id: number, status: number): Promise<void> {
  await owner.query(
    `update offhook.webhook_deliveries set state = 'sent', sent_at = now(), last_status = $2, last_error = null
     where id = $1`,
    [id, status],
  )
}

/** @param pauseS until the next attempt; null: there is none */
export async function markRefused(
  owner: Queryable,
  id: number,
  refusal: { status: number | null; reason: string; pauseS: number | null },
): Promise<void> {
  await owner.query(
    `update offhook.webhook_deliveries
     set state = case when $4::float8 is null then 'failed' else 'queued' end, last_status = $2, last_error = $3,
       next_attempt_at = coalesce(now() + make_interval(secs => $4), next_attempt_at)
     where id = $1`,
    [id, refusal.status, refusal.reason, refusal.pauseS],
  )
}

/**
 * Deletes what was settled so long ago, and what has waited so long for a webhook that is switched off. @returns how many
 */
export async function eraseOldDeliveries(owner: Queryable, days: number): Promise<number> {
  const { rowCount } = await owner.query(
    `delete from offhook.webhook_deliveries d using offhook.webhooks w
     where w.id = d.webhook_id and (d.state <> 'queued' or not w.enabled)
       and (case d.state when 'queued' then d.created_at else coalesce(d.sent_at, d.next_attempt_at) end)
         < now() - make_interval(days => $1)`,
    [days],
  )
  return rowCount ?? 0
}

/** Gives back what was taken and not tried to its end. */
export async function returnDelivery(owner: Queryable, id: number): Promise<void> {
  await owner.query(
    `update offhook.webhook_deliveries set attempts = attempts - 1, next_attempt_at = now()
     where id = $1 and state = 'queued'`,
    [id],
  )
}
