import { z } from 'zod'
import { addDid, listDids, removeDid } from '../../../people/dids.ts'
import { BY_ID, ID } from '../fields.ts'
import { answerPage, PAGE, pageSchema, readCursor } from '../pages.ts'
import { route } from '../route.ts'

const DID = z
  .strictObject({ id: ID, number: z.string(), extension: z.string().nullable(), user: ID.nullable() })
  .meta({ id: 'PublicNumber' })

const tag = 'dids'

export const didRoutes = [
  route({
    ...{ method: 'get', path: '/dids', scope: 'tenants:read', reach: 'tenant', tag, summary: 'List public numbers' },
    query: z.strictObject({ ...PAGE, assigned: z.enum(['true', 'false']).optional() }),
    answer: { status: 200, body: pageSchema(DID) },
    async handle({ site, tenant, query }) {
      const assigned = query.assigned === undefined ? undefined : query.assigned === 'true'
      const after = readCursor(query, z.string().max(20)) ?? ''
      const found = await listDids(site.desk, tenant, { after, limit: query.limit + 1, assigned })
      return answerPage('/dids', query, found, ({ number }) => number)
    },
  }),
  route({
    ...{ method: 'post', path: '/dids', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Add a public number; it rings whoever gets it as the field did',
    body: z.strictObject({ number: z.string().min(1).max(40).describe('With + and country code') }),
    answer: { status: 201, body: DID },
    async handle({ site, tenant, body, actor }) {
      return { status: 201, body: await addDid(site.desk, tenant, body.number, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/dids/{id}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Remove a public number that rings nobody',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeDid(site.desk, tenant, params.id, actor)
      return { status: 204 }
    },
  }),
]
