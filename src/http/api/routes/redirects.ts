import { z } from 'zod'
import { REDIRECT_STATES } from '../../../db/redirect-devices.ts'
import { addAccount, changeAccount, listAccounts, removeAccount } from '../../../people/redirects/accounts.ts'
import { listRedirected, recheckRedirects, sendRedirects } from '../../../people/redirects/devices.ts'
import { CLOUD_NAMES, cloudOf } from '../../../redirect/clouds.ts'
import { BY_ID, ID, TIME } from '../fields.ts'
import { answerPage, PAGE, pageSchema, readCursor } from '../pages.ts'
import { route } from '../route.ts'

const WORDS = z.record(z.string().max(40), z.string().max(500))
const LOGIN = WORDS.describe('Secrets as the service names them; never shown again')
const OPTIONS = WORDS.describe('As the service names them; an empty one goes back to its default')
const ADDRESS = z.enum(['base', 'token']).describe('What phones are sent to: this server, or their own with a token')
const STATE = z.enum(REDIRECT_STATES)
const ACCOUNT = z
  .strictObject({
    ...{ id: ID, maker: z.string(), service: z.enum(CLOUD_NAMES), username: z.string() },
    ...{ options: WORDS, address: ADDRESS, enabled: z.boolean() },
    leaving: z.boolean().describe('Its phones are being taken from the service; it goes with the last one'),
    note: z.string().nullable().describe('Why the last call as a whole came to nothing'),
    ...{ paused_until: TIME.nullable(), created_at: TIME, created_by: z.string() },
  })
  .meta({ id: 'RedirectAccount' })
const COUNTED = ACCOUNT.extend({
  devices: z.record(z.string(), z.int()).describe('How many phones are in which state'),
  altered: z.int().describe('How many the service was found to send somewhere else'),
}).meta({ id: 'CountedRedirectAccount' })
const PHONE = z
  .strictObject({
    ...{ id: ID, account_id: ID, mac: z.string() },
    present: z.boolean().describe('False: it is to be forgotten by the service'),
    ...{ state: STATE, serial: z.string().nullable(), sent_at: TIME.nullable(), confirmed_at: TIME.nullable() },
    ...{ attempts: z.int(), next_attempt_at: TIME.nullable() },
    ...{ reason: z.string().nullable(), cure: z.string().nullable() },
    altered_at: TIME.nullable().describe('When the service was last found to hold something else than it was sent'),
    altered_to: z.string().nullable(),
  })
  .meta({ id: 'RedirectedPhone' })
const CLOUD = z
  .strictObject({
    ...{ service: z.enum(CLOUD_NAMES), title: z.string(), maker: z.string(), secrets: z.array(z.string()) },
    options: z.array(
      z.strictObject({ name: z.string(), meaning: z.string(), example: z.string(), required: z.boolean() }),
    ),
    regions: z.array(z.string()),
    token: z.boolean().describe('Whether it may hold an address with a token'),
  })
  .meta({ id: 'RedirectService' })

const tag = 'redirects'
const setUp = { scope: 'tenants:write', reach: 'tenant', tag } as const
const look = { scope: 'phones:read', reach: 'tenant', tag } as const
const phones = { scope: 'phones:write', reach: 'tenant', tag } as const

export const redirectRoutes = [
  route({
    ...{ method: 'get', path: '/redirects/services', ...look, summary: "Makers' services, and what an account needs" },
    answer: { status: 200, body: z.strictObject({ items: z.array(CLOUD) }) },
    handle: () => Promise.resolve({ status: 200, body: { items: CLOUD_NAMES.map(describeCloud) } }),
  }),
  route({
    ...{ method: 'get', path: '/redirects', ...look, summary: 'List accounts, with how far their phones are' },
    answer: { status: 200, body: z.strictObject({ items: z.array(COUNTED) }) },
    handle: async ({ site, tenant }) => ({ status: 200, body: { items: await listAccounts(site.desk, tenant) } }),
  }),
  route({
    ...{
      method: 'post',
      path: '/redirects',
      ...setUp,
      summary: 'Keep an account; phones that come are registered there',
    },
    body: z.strictObject({
      ...{ service: z.enum(CLOUD_NAMES), login: LOGIN, options: OPTIONS.default({}), address: ADDRESS.default('base') },
    }),
    answer: { status: 201, body: z.strictObject({ account: ACCOUNT, unregistered: z.int() }) },
    async handle({ site, tenant, body, actor }) {
      return { status: 201, body: await addAccount(site.desk, tenant, body, actor) }
    },
  }),
  route({
    ...{ method: 'patch', path: '/redirects/{id}', ...setUp, summary: 'Change an account; it is tried again at once' },
    params: BY_ID,
    body: z.strictObject({
      ...{ login: LOGIN.optional(), options: OPTIONS.optional(), address: ADDRESS.optional() },
      enabled: z.boolean().optional(),
    }),
    answer: { status: 200, body: ACCOUNT },
    async handle({ site, tenant, params, body, actor }) {
      return { status: 200, body: await changeAccount(site.desk, tenant, params.id, body, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/redirects/{id}', ...setUp },
    summary: 'Take its phones from the service and then forget the account, or with keep forget it at once',
    params: BY_ID,
    query: z.strictObject({ keep: z.enum(['true', 'false']).default('false') }),
    answer: { status: 200, body: z.strictObject({ phones: z.int().describe('How many are taken first') }) },
    async handle({ site, tenant, params, query, actor }) {
      const leaving = { accountId: params.id, keep: query.keep === 'true' }
      return { status: 200, body: { phones: await removeAccount(site.desk, tenant, leaving, actor) } }
    },
  }),
  route({
    ...{ method: 'get', path: '/redirects/{id}/phones', ...look, summary: 'How far each phone of an account is' },
    params: BY_ID,
    query: z.strictObject({ ...PAGE, state: STATE.optional() }),
    answer: { status: 200, body: pageSchema(PHONE) },
    async handle({ site, tenant, params, query }) {
      const after = readCursor(query, z.string().max(12)) ?? undefined
      const page = { state: query.state, after, limit: query.limit + 1 }
      const found = await listRedirected(site.desk, tenant, params.id, page)
      return answerPage(`/redirects/${params.id}/phones`, query, found, ({ mac }) => mac)
    },
  }),
  route({
    ...{ method: 'post', path: '/redirects/{id}/send', ...phones },
    summary: 'Have phones registered now: those named, or all of the maker that are not confirmed',
    params: BY_ID,
    body: z.strictObject({
      macs: z.array(z.string().max(40)).min(1).max(10_000).optional(),
      serials: z
        .array(z.strictObject({ mac: z.string().max(40), serial: z.string().max(40) }))
        .max(10_000)
        .optional(),
    }),
    answer: { status: 202, body: z.strictObject({ phones: z.int() }) },
    async handle({ site, tenant, params, body, actor }) {
      return { status: 202, body: { phones: await sendRedirects(site.desk, tenant, params.id, body, actor) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/redirects/{id}/check', ...phones },
    summary: 'Have what the service holds looked up now; how it is stands with the phones afterwards',
    params: BY_ID,
    answer: { status: 202, body: z.strictObject({ phones: z.int() }) },
    async handle({ site, tenant, params, actor }) {
      return { status: 202, body: { phones: await recheckRedirects(site.desk, tenant, params.id, actor) } }
    },
  }),
]

function describeCloud(name: (typeof CLOUD_NAMES)[number]) {
  const { title, maker, login, options, urls, mayHoldToken } = cloudOf(name)
  const described = Object.entries(options).map(([option, { meaning, example, required }]) => ({
    ...{ name: option, meaning, example, required: required === true },
  }))
  const regions = Object.keys(urls)
  return {
    ...{ service: name, title, maker, secrets: login, options: described },
    ...{ regions: regions.length > 1 ? regions : [], token: mayHoldToken },
  }
}
