import { z } from 'zod'
import { CLAIM_NUMBER } from '../../../model/claim.ts'
import { createClaimCode, endClaimCodes, viewClaimCodes } from '../../../people/claims/claim-codes.ts'
import { viewClaimPhones } from '../../../people/claims/view-claim-phones.ts'
import { BY_ID, ID, LABEL, TIME } from '../fields.ts'
import { route } from '../route.ts'

const CLAIM_CODE = z
  .strictObject({
    ...{ id: ID, state: z.enum(['open', 'expired', 'revoked', 'locked', 'used-up']), installer: z.string() },
    networks: z.array(z.string()).describe('Where its phones ask from; none: anywhere'),
    ...{ claimed: z.int(), phones_left: z.int(), wrong_tries: z.int() },
    ...{ created_by: z.string(), created_at: TIME, expires_at: TIME, revoked_at: TIME.nullable() },
  })
  .meta({ id: 'ClaimCode' })
const CLAIM_PHONE = z
  .strictObject({
    ...{ mac: z.string(), family: z.string(), model: z.string(), address: z.string() },
    state: z.enum(['waiting', 'locked', 'dialled', 'claimed', 'failed', 'over']),
    ...{ wrong_tries: z.int(), extension: z.string().nullable(), installer: z.string().nullable() },
    ...{ opened_at: TIME, expires_at: TIME, dialled_at: TIME.nullable() },
    note: z.string().nullable().describe('Why it could not be given to the person'),
  })
  .meta({ id: 'ClaimPhone' })

const tag = 'devices'
const read = { scope: 'phones:read', reach: 'tenant', tag } as const
const write = { scope: 'phones:write', reach: 'tenant', tag } as const

export const claimCodeRoutes = [
  route({
    ...{ method: 'post', path: '/claim-codes', ...write },
    summary: `Let phones be claimed by dialling ${CLAIM_NUMBER} on them for a while; the code is shown this once`,
    body: z.strictObject({
      installer: LABEL.max(60).default('installer').describe('Who goes through the building'),
      minutes: z.int().min(1).max(1440).default(60),
      phones: z.int().min(1).max(10_000).default(50).describe('How many it may give away'),
      networks: z.array(z.string().max(60)).max(32).default([]).describe('Where the phones ask from: 192.0.2.0/24'),
    }),
    answer: {
      status: 201,
      body: z.strictObject({ id: ID, code: z.string(), number: z.string().describe('To dial'), expires_at: TIME }),
    },
    async handle({ site, tenant, body, actor }) {
      const { code, ...made } = await createClaimCode(site.desk, site.owner, tenant, body, actor)
      return { status: 201, body: { ...made, code: code.reveal(), number: CLAIM_NUMBER } }
    },
  }),
  route({
    ...{ method: 'get', path: '/claim-codes', ...read, summary: 'List claim codes, the newest first' },
    answer: { status: 200, body: z.strictObject({ items: z.array(CLAIM_CODE) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await viewClaimCodes(site.desk, tenant) } }
    },
  }),
  route({
    ...{ method: 'delete', path: '/claim-codes/{id}', ...write, summary: 'End a claim code at once' },
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await endClaimCodes(site.desk, tenant, params.id, actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'get', path: '/claim-phones', ...read },
    summary: 'Phones that were given an account to be claimed by, and how far each came',
    answer: { status: 200, body: z.strictObject({ items: z.array(CLAIM_PHONE) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await viewClaimPhones(site.desk, tenant) } }
    },
  }),
]
