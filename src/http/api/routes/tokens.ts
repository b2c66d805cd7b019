import { z } from 'zod'
import { SCOPES } from '../../../access/scopes.ts'
import { listTokens } from '../../../db/tokens.ts'
import { createToken, revokeToken } from '../../../people/access-tokens.ts'
import { BY_ID, ID, TIME } from '../fields.ts'
import { route } from '../route.ts'

const TOKEN = z
  .strictObject({
    ...{ id: ID, tenant_id: ID.nullable().describe('null: the whole installation'), name: z.string() },
    ...{ scopes: z.array(z.enum(SCOPES)), created_at: TIME, created_by: z.string(), expires_at: TIME.nullable() },
    ...{ last_used_at: TIME.nullable(), revoked_at: TIME.nullable() },
  })
  .meta({ id: 'Token' })

const tag = 'tokens'
const base = { scope: 'admin', reach: 'either', tag } as const

/** Of a tenant; with a token of the whole installation and no tenant named, those of the installation. */
export const tokenRoutes = [
  route({
    ...{ method: 'get', path: '/tokens', ...base, summary: 'List the tokens that are not revoked' },
    answer: { status: 200, body: z.strictObject({ items: z.array(TOKEN) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await listTokens(site.owner, tenant?.id ?? null) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/tokens', ...base, summary: 'Make a token; its text is shown this once' },
    body: z.strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/),
      scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
      days: z.int().min(1).max(3650).nullable().default(365).describe('null: until it is revoked'),
    }),
    answer: { status: 201, body: z.strictObject({ token: z.string(), record: TOKEN }) },
    async handle({ site, tenant, body, actor }) {
      const made = await createToken(site.owner, { ...body, tenantId: tenant?.id ?? null, actor })
      return { status: 201, body: { token: made.token.reveal(), record: made.record } }
    },
  }),
  route({
    ...{ method: 'delete', path: '/tokens/{id}', ...base, summary: 'End a token at once' },
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await revokeToken(site.owner, tenant?.id ?? null, { id: params.id }, actor)
      return { status: 204 }
    },
  }),
]
