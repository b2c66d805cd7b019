import { z } from 'zod'
import { listPins, pinFirmware } from '../../../store/pins.ts'
import { listRollouts, removeRollout, setRollout } from '../../../store/rollouts.ts'
import { BY_ID, ID, TIME } from '../fields.ts'
import { route } from '../route.ts'

const WORD = z.string().min(1).max(120)
const PERCENT = z.number().min(0).max(100)
const COUNT = z.int()
const ROLLOUT = z
  .strictObject({
    id: ID,
    family: z.string(),
    model: z.string().nullable().describe('Null: every model of the family that has no rollout of its own'),
    version: z.string(),
    percentage: PERCENT,
    state: z.enum(['running', 'paused', 'stopped']),
    note: z.string().nullable().describe('Why it stopped'),
    not_before: TIME.nullable(),
    window: z.string().nullable().describe('Such as 22:00-05:00, in the time zone of the tenant'),
    timezone: z.string(),
    stop_above: PERCENT,
    patience_minutes: COUNT,
    visits: COUNT,
    phones: z.strictObject({
      ...{ offered: COUNT, told: COUNT, fetched: COUNT, updated: COUNT },
      failed: COUNT.describe('Came so often with the old version'),
      missing: COUNT.describe('Fetched the image and did not come back'),
    }),
  })
  .meta({ id: 'Rollout' })
const PIN = z.strictObject({
  phone: z.string(),
  version: z.string().nullable().describe('Null: it keeps what it has'),
  state: z.string().nullable(),
  seen: z.string().nullable().describe('What it last said that it has'),
})

const BY_DEVICE = z.strictObject({ device: WORD.describe('MAC address, or name of a softphone') })

const tag = 'firmware'

export const rolloutRoutes = [
  route({
    ...{ method: 'get', path: '/rollouts', scope: 'phones:read', reach: 'tenant', tag },
    summary: 'List rollouts and how far they are',
    answer: { status: 200, body: z.strictObject({ items: z.array(ROLLOUT) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await listRollouts(site.shelf, tenant) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/rollouts', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Begin a rollout, or change the one of that family and model: what is not said stays',
    body: z.strictObject({
      ...{ family: WORD, model: WORD.optional(), version: WORD.optional() },
      percentage: PERCENT.optional().describe('Phones that are in stay in when it grows'),
      not_before: TIME.nullable().optional(),
      window: z.string().max(20).nullable().optional().describe('Such as 22:00-05:00'),
      stop_above: PERCENT.optional().describe('Of the phones that fetched it, so many percent may stay away'),
      patience_minutes: COUNT.min(1).max(1440).optional(),
      visits: COUNT.min(1).max(100).optional(),
      paused: z.boolean().optional().describe('False lets it go on, also after it stopped by itself'),
    }),
    answer: { status: 200, body: ROLLOUT },
    async handle({ site, tenant, body, actor }) {
      const { family, model, not_before, stop_above, patience_minutes, ...rest } = body
      const notBefore = typeof not_before === 'string' ? new Date(not_before) : not_before
      const changes = { ...rest, notBefore, stopAbove: stop_above, patienceMinutes: patience_minutes }
      return { status: 200, body: await setRollout(site.shelf, tenant, { family, model }, changes, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/rollouts/{id}', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'End a rollout; phones keep what they have',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeRollout(site.shelf, tenant, params, actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'get', path: '/firmware/pins', scope: 'phones:read', reach: 'tenant', tag },
    summary: 'List phones whose firmware is pinned',
    answer: { status: 200, body: z.strictObject({ items: z.array(PIN) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await listPins(site.shelf, tenant) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/{device}/firmware', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Have one phone get a version, or keep the one that it has, whatever rollouts say',
    params: BY_DEVICE,
    body: z.strictObject({ version: WORD.nullable() }),
    answer: { status: 204 },
    async handle({ site, tenant, params, body, actor }) {
      await pinFirmware(site.shelf, tenant, { phone: params.device, version: body.version }, actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'delete', path: '/devices/{device}/firmware', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Give a phone back to the rollouts',
    params: BY_DEVICE,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await pinFirmware(site.shelf, tenant, { phone: params.device, version: undefined }, actor)
      return { status: 204 }
    },
  }),
]
