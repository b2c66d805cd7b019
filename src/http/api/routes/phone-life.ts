import { z } from 'zod'
import { explainDevice } from '../../../boot/explain-device.ts'
import { dismissWaiting, listWaiting, listWaitingOf } from '../../../db/waiting-phones.ts'
import { AppError } from '../../../model/app-error.ts'
import { findDevice } from '../../../people/find-device.ts'
import { changePhoneRules, readPhoneRules } from '../../../people/phone-rules.ts'
import { describeVerdict } from '../../../people/phones/describe-verdict.ts'
import { diagnosePhone, findMismatch } from '../../../people/phones/diagnose-phone.ts'
import { followContacts } from '../../../people/phones/follow-phones.ts'
import { readStory } from '../../../people/phones/read-story.ts'
import { LAYER_NAMES } from '../../../phones/layers.ts'
import { closeReleases, viewReleases } from '../../../people/release-phones.ts'
import { BY_ID, TIME } from '../fields.ts'
import { followPhones } from '../follow-phones.ts'
import { route } from '../route.ts'
import { STORY, WAITING } from '../story-schemas.ts'
import { BY_DEVICE } from './devices.ts'

const CLOSED = z.strictObject({ closed: z.int() })
const RULES = z
  .strictObject({
    tftp: z.boolean().describe('Whether TFTP, which anybody on the way can read, may carry configurations'),
    apps: z.record(z.string(), z.string()).describe('What makers of apps call the tenant, by family'),
  })
  .meta({ id: 'PhoneRules' })

const EXPLAINED = z
  .strictObject({
    name: z.string().describe('A path: timezone, lines.1.label, raw.NAME'),
    value: z.unknown().describe('A password or key is ***'),
    origin: z.enum(LAYER_NAMES).describe('The layer that says it'),
    stops: z.string().nullable().describe('Why it does not reach the phone; null: it does'),
  })
  .meta({ id: 'ExplainedSetting' })

const tag = 'devices'
const read = { scope: 'phones:read', reach: 'tenant', tag } as const
const write = { scope: 'phones:write', reach: 'tenant', tag } as const

/** What becomes of phones: their stories, those that wait, and the windows in which they come in. */
export const phoneLifeRoutes = [
  route({
    ...{ method: 'get', path: '/devices/{device}/story', ...read },
    summary: 'Whether a phone works, else why not and what to do; what it asked for and what it got',
    params: BY_DEVICE,
    answer: { status: 200, body: STORY },
    async handle({ site, tenant, params }) {
      const story = await readStory(site.desk, tenant, params.device)
      const diagnosis = diagnosePhone(story, site)
      const verdict = describeVerdict(story, diagnosis).join('\n')
      return { status: 200, body: { ...story, ...diagnosis, verdict, mismatch: findMismatch(story) } }
    },
  }),
  route({
    ...{ method: 'get', path: '/devices/{device}/explain', ...read },
    summary: 'Each setting of a phone, the layer that it comes from, and why the phone is not told it where it is not',
    params: BY_DEVICE,
    answer: { status: 200, body: z.strictObject({ items: z.array(EXPLAINED) }) },
    async handle({ site, tenant, params }) {
      const { device } = await findDevice(site.desk, tenant, params.device)
      const settings = await explainDevice({ ...site, vault: site.desk.vault }, Number(device['id']))
      return { status: 200, body: { items: settings.map((setting) => ({ ...setting, value: setting.value ?? null })) } }
    },
  }),
  route({
    ...{ method: 'get', path: '/devices/events', ...read },
    summary: 'Each contact of a phone as it happens, as server-sent events',
    answer: { status: 200, type: 'text/event-stream' },
    async handle({ site, tenant }) {
      const look = await followContacts(site.desk, site.owner, tenant, 'own')
      return {
        status: 200,
        headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
        stream: (response) => followPhones(response, look),
      }
    },
  }),
  route({
    ...{ method: 'get', path: '/waiting-phones', scope: 'phones:read', reach: 'either', tag },
    summary:
      'Phones that asked for files and are in no list, the latest first; within a tenant, those from where it lets phones be claimed',
    answer: { status: 200, body: z.strictObject({ items: z.array(WAITING) }) },
    async handle({ site, tenant }) {
      const items = tenant ? await listWaitingOf(site.owner, tenant.id) : await listWaiting(site.owner)
      return { status: 200, body: { items } }
    },
  }),
  route({
    ...{ method: 'delete', path: '/waiting-phones/{id}', scope: 'phones:write', reach: 'either', tag },
    summary: 'Take a phone off the list of those that wait; one that asks again is on it again',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      if ((await dismissWaiting(site.owner, params, { tenantId: tenant?.id ?? null, actor })) === 0)
        throw new AppError('device-unknown', `No phone ${params.id} waits.`)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'get', path: '/releases', ...read, summary: 'Releases that are open' },
    answer: {
      status: 200,
      body: z.strictObject({
        items: z.array(
          z.strictObject({
            device: z.string().nullable().describe('null: all phones'),
            ...{ opened_at: TIME, closes_at: TIME, opened_by: z.string() },
          }),
        ),
      }),
    },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await viewReleases(site.desk, tenant) } }
    },
  }),
  route({
    ...{ method: 'delete', path: '/releases', ...write, summary: 'End every release of the tenant before its time' },
    answer: { status: 200, body: CLOSED },
    async handle({ site, tenant, actor }) {
      return { status: 200, body: { closed: await closeReleases(site.desk, tenant, { deviceId: null, actor }) } }
    },
  }),
  route({
    ...{ method: 'delete', path: '/devices/{device}/release', ...write },
    summary: 'End the release of a phone before its time; one for all phones stays',
    params: BY_DEVICE,
    answer: { status: 200, body: CLOSED },
    async handle({ site, tenant, params, actor }) {
      const { device } = await findDevice(site.desk, tenant, params.device)
      const closed = await closeReleases(site.desk, tenant, { deviceId: Number(device['id']), actor })
      return { status: 200, body: { closed } }
    },
  }),
  route({
    ...{ method: 'get', path: '/phone-rules', ...read, summary: 'What holds for all phones of the tenant' },
    answer: { status: 200, body: RULES },
    current: ({ site, tenant }) => readPhoneRules(site.desk, tenant),
    async handle({ site, tenant }) {
      return { status: 200, body: await readPhoneRules(site.desk, tenant) }
    },
  }),
  route({
    ...{ method: 'patch', path: '/phone-rules', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Allow or forbid TFTP, or say what makers of apps call the tenant; an empty text takes an app out',
    body: z.strictObject({
      tftp: z.boolean().optional(),
      apps: z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), z.string().max(65)).optional(),
    }),
    answer: { status: 200, body: RULES },
    current: ({ site, tenant }) => readPhoneRules(site.desk, tenant),
    async handle({ site, tenant, body, actor }) {
      const apps = new Set(site.families.filter(({ link }) => link?.needsAccount).map(({ name }) => name))
      const unknown = Object.keys(body.apps ?? {}).find((name) => !apps.has(name))
      if (unknown !== undefined)
        throw new AppError('input-invalid', `No app ${unknown} needs an account; these do: ${[...apps].join(', ')}.`)
      return { status: 200, body: await changePhoneRules(site.desk, tenant, body, actor) }
    },
  }),
]
