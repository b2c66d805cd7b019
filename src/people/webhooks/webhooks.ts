import type pg from 'pg'
import { writeAudit } from '../../db/audit.ts'
import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import {
  deleteWebhookRow,
  insertWebhook,
  listWebhookRows,
  type LockedWebhook,
  lockWebhook,
  replaceSecret,
  updateWebhook,
  webhookPlace,
  type WebhookRecord,
} from '../../db/webhooks.ts'
import { AppError } from '../../model/app-error.ts'
import type { Secret } from '../../model/secret.ts'
import { EVENT_TYPES, type EventType, isEventType } from '../../model/webhook-event.ts'
import { generateWebhookSecret } from '../../secrets/webhook-secret.ts'
import type { PeopleDesk } from '../desk.ts'

/** Every event is stored once for each of them. */
const MOST_WEBHOOKS = 20
const LONGEST_URL = 2_000
/** How long the secret before the last rotation signs too. */
const OVERLAP_HOURS = 24

export type WebhookDraft = { url: string; events: readonly string[] }

/** In the order in which they were made. */
export function listWebhooks(desk: PeopleDesk, tenant: Tenant): Promise<WebhookRecord[]> {
  return inTransaction(desk.pool, tenant.id, (client) => listWebhookRows(client, tenant.id))
}

/** Makes one; its secret is told this once. @throws AppError `input-invalid` */
export function addWebhook(
  desk: PeopleDesk,
  tenant: Tenant,
  draft: WebhookDraft,
  actor: string,
): Promise<{ secret: Secret; webhook: WebhookRecord }> {
  const { url, events } = { url: readUrl(draft.url), events: readEvents(draft.events) }
  const secret = generateWebhookSecret()
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const others = await listWebhookRows(client, tenant.id)
    if (others.length >= MOST_WEBHOOKS)
      throw new AppError('input-invalid', `A tenant has up to ${MOST_WEBHOOKS} webhooks. Remove one first.`)
    const webhook = await insertWebhook(client, { tenantId: tenant.id, url, events, actor }, (id) =>
      desk.vault.seal(secret, webhookPlace(tenant.slug, id, 'secret')),
    )
    await note(client, tenant, actor, 'webhook-add', webhook.id, { host: new URL(url).host, events })
    return { secret, webhook }
  })
}

/** @throws AppError `webhook-unknown`, `input-invalid` */
export function changeWebhook(
  desk: PeopleDesk,
  tenant: Tenant,
  webhookId: number,
  change: Partial<WebhookDraft> & { enabled?: boolean | undefined },
  actor: string,
): Promise<WebhookRecord> {
  return withWebhook(desk, tenant, webhookId, async (client, current) => {
    const next = {
      url: change.url === undefined ? current.url : readUrl(change.url),
      events: change.events === undefined ? current.events : readEvents(change.events),
      enabled: change.enabled ?? current.enabled,
    }
    const webhook = await updateWebhook(client, webhookId, next)
    const detail = { host: new URL(next.url).host, events: next.events, enabled: next.enabled }
    await note(client, tenant, actor, 'webhook-change', webhookId, detail)
    return webhook
  })
}

/** Removes one with all that was to be sent to it. @throws AppError `webhook-unknown` */
export function removeWebhook(desk: PeopleDesk, tenant: Tenant, webhookId: number, actor: string): Promise<void> {
  return withWebhook(desk, tenant, webhookId, async (client) => {
    await deleteWebhookRow(client, webhookId)
    await note(client, tenant, actor, 'webhook-remove', webhookId, {})
  })
}

/** Makes a new secret, told this once. The one before signs too for a day. @throws AppError `webhook-unknown` */
export function rotateWebhook(
  desk: PeopleDesk,
  tenant: Tenant,
  webhookId: number,
  actor: string,
): Promise<{ secret: Secret; webhook: WebhookRecord }> {
  const secret = generateWebhookSecret()
  const place = (column: Parameters<typeof webhookPlace>[2]) => webhookPlace(tenant.slug, webhookId, column)
  return withWebhook(desk, tenant, webhookId, async (client, current) => {
    const previous = desk.vault.open(current.secret, place('secret'))
    const webhook = await replaceSecret(client, webhookId, {
      secret: desk.vault.seal(secret, place('secret')),
      previous: desk.vault.seal(previous, place('previous_secret')),
      overlapHours: OVERLAP_HOURS,
    })
    await note(client, tenant, actor, 'webhook-rotate', webhookId, {})
    return { secret, webhook }
  })
}

/** Runs `work` with the webhook held. @throws AppError `webhook-unknown` */
export function withWebhook<T>(
  desk: PeopleDesk,
  tenant: Tenant,
  webhookId: number,
  work: (client: pg.PoolClient, webhook: LockedWebhook) => Promise<T>,
): Promise<T> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const webhook = await lockWebhook(client, tenant.id, webhookId)
    if (!webhook) throw new AppError('webhook-unknown', `The tenant ${tenant.slug} has no webhook ${webhookId}.`)
    return work(client, webhook)
  })
}

async function note(
  client: pg.PoolClient,
  tenant: Tenant,
  actor: string,
  action: string,
  webhookId: number,
  detail: Record<string, unknown>,
): Promise<void> {
  await writeAudit(client, { tenantId: tenant.id, actor, action, object: `webhook ${webhookId}`, detail })
}

/** A path may be a secret of the receiver's, so addresses stay out of history and messages. */
function readUrl(text: string): string {
  const url = text.length <= LONGEST_URL ? URL.parse(text) : null
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AppError('input-invalid', `A webhook is an http:// or https:// address, up to ${LONGEST_URL} characters.`)
  if (url.username !== '' || url.password !== '')
    throw new AppError('input-invalid', 'A webhook has no user or password in it: what comes is signed instead.')
  url.hash = ''
  return url.href
}

function readEvents(wanted: readonly string[]): EventType[] {
  const events = [...new Set(wanted)]
  if (events.length === 0 || !events.every(isEventType))
    throw new AppError('input-invalid', `A webhook is told of one or more of: ${EVENT_TYPES.join(', ')}.`)
  return events
}
