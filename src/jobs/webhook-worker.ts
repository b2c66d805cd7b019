import { listDueWebhooks } from '../db/webhook-queue.ts'
import type { Log } from '../model/log.ts'
import { startDrainLoop } from './drain-loop.ts'
import { drainWebhook, type WebhookOffice } from './drain-webhook.ts'

/** What comes close together is sent together. */
const GATHER_MS = 50
/** Deliveries whose next attempt has come are found without anyone saying so. */
const SWEEP_MS = 2_000
/** Receivers that are served at once. */
const MOST_ROUNDS = 32

/** Tells webhooks of events as they are queued and when a retry is due. One that is slow holds up nobody but itself. */
export function startWebhookWorker(options: { url: string; office: WebhookOffice; log: Pick<Log, 'info' | 'warn'> }) {
  const { url, office, log } = options
  const rounds = new Map<number, Promise<void>>()

  const round = async (webhook: number, closing: AbortSignal) => {
    try {
      const drained = await drainWebhook(office, webhook, closing)
      if (drained.delayed + drained.failed > 0) log.warn({ webhook, ...drained }, 'a webhook was not reached')
      else log.info({ webhook, ...drained }, 'webhook told')
    } catch (error) {
      log.warn({ webhook, error: (error as Error).message }, 'a webhook could not be served')
      return
    } finally {
      rounds.delete(webhook)
    }
    loop.wake()
  }
  const loop = startDrainLoop({
    ...{ url, channel: 'offhook_webhooks', gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'webhooks', log },
    async drain(closing) {
      const due = await listDueWebhooks(office.pool)
      for (const webhook of due)
        if (!rounds.has(webhook) && rounds.size < MOST_ROUNDS) rounds.set(webhook, round(webhook, closing))
    },
  })
  return {
    /** Ends what is under way; it is sent again by whoever serves next. */
    async close() {
      await loop.close()
      await Promise.all(rounds.values())
    },
  }
}
