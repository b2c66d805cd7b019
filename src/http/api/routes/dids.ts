import { z } from 'zod'
import { addDids } from '../../../people/dids/add-dids.ts'
import { findDid, listDids } from '../../../people/dids/list-dids.ts'
import { assignDid, releaseDid, removeDid } from '../../../people/dids/route-did.ts'
import { BY_ID, ID } from '../fields.ts'
import { answerPage, PAGE, pageSchema, readCursor } from '../pages.ts'
import { route } from '../route.ts'

const DID = z
  .strictObject({
    id: ID,
    number: z.string(),
    extension: z.string().nullable(),
    label: z.string().nullable(),
    user: ID.nullable(),
  })
  .meta({ id: 'PublicNumber' })

const tag = 'dids'

export const didRoutes = [
  route({
    ...{ method: 'get', path: '/dids', scope: 'tenants:read', reach: 'tenant', tag, summary: 'List public numbers' },
    query: z.strictObject({ ...PAGE, assigned: z.enum(['true', 'false']).optional() }),
    answer: { status: 200, body: pageSchema(DID) },
    async handle({ site, tenant, query }) {
      const assigned = query.assigned === undefined ? undefined : query.assigned === 'true'
      const after = readCursor(query, z.string().max(20)) ?? undefined
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
      const [made] = await addDids(site.desk, tenant, [body.number], actor)
      return { status: 201, body: made }
    },
  }),
  route({
    ...{ method: 'patch', path: '/dids/{id}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Have a public number ring an extension, or with null nobody',
    params: BY_ID,
    body: z.strictObject({ extension: z.string().max(10).nullable() }),
    answer: { status: 200, body: DID },
    async handle({ site, tenant, params, body, actor }) {
      const { number } = await findDid(site.desk, tenant, params.id)
      if (body.extension === null) await releaseDid(site.desk, tenant, number, actor)
      else await assignDid(site.desk, tenant, { number, extension: body.extension }, actor)
      return { status: 200, body: await findDid(site.desk, tenant, params.id) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/dids/{id}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Remove a public number that rings nobody',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      const { number } = await findDid(site.desk, tenant, params.id)
      await removeDid(site.desk, tenant, number, actor)
      return { status: 204 }
    },
  }),
]
