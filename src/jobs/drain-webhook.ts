import { randomInt } from 'node:crypto'
import type pg from 'pg'
import { Webhook } from 'standardwebhooks'
import {
  claimDeliveries,
  type ClaimedDelivery,
  markDelivered,
  markRefused,
  returnDelivery,
} from '../db/webhook-queue.ts'
import { disableWebhook, webhookPlace } from '../db/webhooks.ts'
import { AppError } from '../model/app-error.ts'
import type { Networks } from '../access/networks.ts'
import type { Vault } from '../secrets/vault.ts'
import { type Posted, postWebhook } from './post-webhook.ts'

/** As many at once to one receiver. */
const BATCH = 8
/** Longer than an attempt may take. Who dies with deliveries in hand leaves them to others after this time. */
const LEASE_S = 60
/** The schedule that the Standard Webhooks specification recommends; after the last one it is given up. */
const PAUSES_S = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
const LONGEST_PAUSE_S = 86_400
/** So that receivers that went away together are not asked together. */
const JITTER = 0.1
const GONE = 410
const TOLD_LATER = [429, 503]

export type WebhookOffice = {
  /** Connections of the owner. */
  pool: pg.Pool
  vault: Vault
  isOpen: Networks
}

export type DrainedWebhook = { sent: number; delayed: number; failed: number }

/** Sends what is due to one webhook until nothing is, an attempt fails, or `closing`. */
export async function drainWebhook(
  office: WebhookOffice,
  webhookId: number,
  closing: AbortSignal,
): Promise<DrainedWebhook> {
  const drained: DrainedWebhook = { sent: 0, delayed: 0, failed: 0 }
  while (!closing.aborted && drained.delayed + drained.failed === 0) {
    const due = await claimDeliveries(office.pool, webhookId, BATCH, LEASE_S)
    if (due.length === 0) break
    const outcomes = await Promise.allSettled(due.map((delivery) => deliver(office, delivery, closing)))
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      if (outcome.value !== null) drained[outcome.value]++
    }
  }
  return drained
}

/** Null when it was given back. */
async function deliver(
  office: WebhookOffice,
  delivery: ClaimedDelivery,
  closing: AbortSignal,
): Promise<keyof DrainedWebhook | null> {
  const refuse = async (reason: string, posted: Posted | null, pauseS: number | null) => {
    await markRefused(office.pool, delivery.id, { reason, status: posted?.status ?? null, pauseS })
    return pauseS === null ? 'failed' : 'delayed'
  }
  let posted: Posted
  try {
    const message = { url: delivery.url, headers: sign(office.vault, delivery, new Date()), body: delivery.body }
    posted = await postWebhook(message, office.isOpen, closing)
  } catch (error) {
    if (closing.aborted) {
      await returnDelivery(office.pool, delivery.id)
      return null
    }
    if (error instanceof AppError) return refuse(error.message, null, null)
    return refuse((error as Error).message, null, pauseAfter(delivery.attempts, null))
  }
  const { status } = posted
  if (status >= 200 && status < 300) {
    await markDelivered(office.pool, delivery.id, status)
    return 'sent'
  }
  if (status === GONE) {
    await disableWebhook(office.pool, delivery.webhook_id, 'The receiver answered 410: it wants no more.')
    return refuse('The receiver wants no more.', posted, null)
  }
  return refuse(`The receiver answered ${status}.`, posted, pauseAfter(delivery.attempts, posted))
}

/** Headers of the Standard Webhooks specification; two signatures while a receiver changes over to a new secret. */
function sign(vault: Vault, delivery: ClaimedDelivery, now: Date): Record<string, string> {
  const signatures = (['secret', 'previous_secret'] as const).flatMap((column) => {
    const sealed = delivery[column]
    if (!sealed) return []
    const secret = vault.open(sealed, webhookPlace(delivery.slug, delivery.webhook_id, column))
    return [new Webhook(secret.reveal()).sign(delivery.event_id, now, delivery.body)]
  })
  return {
    'content-type': 'application/json',
    'user-agent': 'Offhook-Webhooks',
    'webhook-id': delivery.event_id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  }
}

/** Null: it was tried often enough. */
function pauseAfter(attempts: number, posted: Posted | null): number | null {
  const usual = PAUSES_S[attempts - 1]
  if (usual === undefined) return null
  const asked = posted && TOLD_LATER.includes(posted.status) ? Math.min(posted.retryAfterS ?? 0, LONGEST_PAUSE_S) : 0
  return Math.max(usual, asked) * (1 + (randomInt(1_000) / 1_000) * JITTER)
}
