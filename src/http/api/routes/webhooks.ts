import { z } from 'zod'
import { EVENT_TYPES } from '../../../model/webhook-event.ts'
import { listDeliveries, replayDeliveries } from '../../../people/webhooks/deliveries.ts'
import {
  addWebhook,
  changeWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhook,
} from '../../../people/webhooks/webhooks.ts'
import { BY_ID, ID, TIME } from '../fields.ts'
import { answerPage, ID_KEY, PAGE, pageSchema, readCursor } from '../pages.ts'
import { route } from '../route.ts'

const URL_TEXT = z.string().min(1).max(2_000).describe('http:// or https://, without user and password')
const EVENTS = z.array(z.enum(EVENT_TYPES)).min(1).max(50)
const WEBHOOK = z
  .strictObject({
    ...{ id: ID, url: z.string(), events: z.array(z.enum(EVENT_TYPES)), enabled: z.boolean() },
    note: z.string().nullable().describe('Why it was switched off without being asked'),
    previous_until: TIME.nullable().describe('Until when the secret before the last rotation signs too'),
    ...{ created_at: TIME, created_by: z.string() },
  })
  .meta({ id: 'Webhook' })
const WITH_SECRET = z.strictObject({ secret: z.string().describe('whsec_…, shown this once'), webhook: WEBHOOK })
const DELIVERY = z
  .strictObject({
    ...{ id: ID, webhook_id: ID, event_id: z.string(), type: z.string(), state: z.string(), attempts: z.int() },
    ...{ last_status: z.int().nullable(), last_error: z.string().nullable() },
    ...{ created_at: TIME, next_attempt_at: TIME, sent_at: TIME.nullable() },
  })
  .meta({ id: 'WebhookDelivery' })

const read = { scope: 'webhooks:read', reach: 'tenant', tag: 'webhooks' } as const
const write = { ...read, scope: 'webhooks:write' } as const

export const webhookRoutes = [
  route({
    ...{ method: 'get', path: '/webhooks', ...read, summary: 'List webhooks' },
    answer: { status: 200, body: z.strictObject({ items: z.array(WEBHOOK) }) },
    handle: async ({ site, tenant }) => ({ status: 200, body: { items: await listWebhooks(site.desk, tenant) } }),
  }),
  route({
    ...{ method: 'post', path: '/webhooks', ...write },
    summary: 'Have changes told to an address, signed as Standard Webhooks says',
    body: z.strictObject({ url: URL_TEXT, events: EVENTS }),
    answer: { status: 201, body: WITH_SECRET },
    async handle({ site, tenant, body, actor }) {
      const { secret, webhook } = await addWebhook(site.desk, tenant, body, actor)
      return { status: 201, body: { secret: secret.reveal(), webhook } }
    },
  }),
  route({
    ...{ method: 'patch', path: '/webhooks/{id}', ...write, summary: 'Change one, or switch it on or off' },
    params: BY_ID,
    body: z.strictObject({
      ...{ url: URL_TEXT.optional(), events: EVENTS.optional() },
      enabled: z
        .boolean()
        .optional()
        .describe(
          'While off, nothing is noted for it; what was waiting is sent once it is on, if that is within 30 days',
        ),
    }),
    answer: { status: 200, body: WEBHOOK },
    async handle({ site, tenant, params, body: { url, events, enabled }, actor }) {
      const change = { ...(url !== undefined && { url }), ...(events && { events }), enabled }
      return { status: 200, body: await changeWebhook(site.desk, tenant, params.id, change, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/webhooks/{id}', ...write, summary: 'Remove one, with what waits to be sent to it' },
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeWebhook(site.desk, tenant, params.id, actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'post', path: '/webhooks/{id}/rotate', ...write },
    summary: 'Make a new secret; the one before signs too for 24 hours',
    params: BY_ID,
    answer: { status: 200, body: WITH_SECRET },
    async handle({ site, tenant, params, actor }) {
      const { secret, webhook } = await rotateWebhook(site.desk, tenant, params.id, actor)
      return { status: 200, body: { secret: secret.reveal(), webhook } }
    },
  }),
  route({
    ...{ method: 'get', path: '/webhooks/{id}/deliveries', ...read },
    summary: 'What became of each delivery, the newest first',
    params: BY_ID,
    query: z.strictObject({ ...PAGE, state: z.enum(['queued', 'sent', 'failed']).optional() }),
    answer: { status: 200, body: pageSchema(DELIVERY) },
    async handle({ site, tenant, params, query }) {
      const page = { state: query.state, beforeId: readCursor(query, ID_KEY) ?? undefined, limit: query.limit + 1 }
      const found = await listDeliveries(site.desk, tenant, params.id, page)
      return answerPage(`/webhooks/${params.id}/deliveries`, query, found, ({ id }) => id)
    },
  }),
  route({
    ...{ method: 'post', path: '/webhooks/{id}/replay', ...write },
    summary: 'Send one delivery, or all that failed, once more under the same webhook-id',
    params: BY_ID,
    body: z.union([z.strictObject({ delivery: ID }), z.strictObject({ failed: z.literal(true) })]),
    answer: { status: 200, body: z.strictObject({ deliveries: z.int() }) },
    async handle({ site, tenant, params, body, actor }) {
      return { status: 200, body: { deliveries: await replayDeliveries(site.desk, tenant, params.id, body, actor) } }
    },
  }),
]
