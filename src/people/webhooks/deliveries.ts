import { writeAudit } from '../../db/audit.ts'
import type { Tenant } from '../../db/tenants.ts'
import {
  type DeliveryPage,
  type DeliveryRecord,
  requeueDeliveries,
  selectDeliveries,
} from '../../db/webhook-deliveries.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'
import { withWebhook } from './webhooks.ts'

/** What a webhook was told or is to be told, the newest first. @throws AppError `webhook-unknown` */
export function listDeliveries(
  desk: PeopleDesk,
  tenant: Tenant,
  webhookId: number,
  page: DeliveryPage,
): Promise<DeliveryRecord[]> {
  return withWebhook(desk, tenant, webhookId, (client) => selectDeliveries(client, webhookId, page))
}

/** One delivery, whatever became of it, or every one that failed. */
export type ReplayChoice = { delivery: number } | { failed: true }

/**
 * Sends again, under the same id, so that a receiver knows a repetition.
 * @returns how many are queued
 * @throws AppError `webhook-unknown`, `delivery-unknown`
 */
export function replayDeliveries(
  desk: PeopleDesk,
  tenant: Tenant,
  webhookId: number,
  choice: ReplayChoice,
  actor: string,
): Promise<number> {
  return withWebhook(desk, tenant, webhookId, async (client) => {
    const deliveryId = 'delivery' in choice ? choice.delivery : null
    const deliveries = await requeueDeliveries(client, webhookId, deliveryId)
    if (deliveryId !== null && deliveries === 0)
      throw new AppError('delivery-unknown', `Webhook ${webhookId} has no delivery ${deliveryId}.`)
    await writeAudit(client, {
      ...{
        tenantId: tenant.id,
        actor,
        action: 'webhook-replay',
        object: `webhook ${webhookId}`,
        detail: { deliveries },
      },
    })
    return deliveries
  })
}
