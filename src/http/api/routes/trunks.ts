import { z } from 'zod'
import { addTrunk } from '../../../people/add-trunk.ts'
import { listTrunks, removeTrunk } from '../../../people/trunks.ts'
import { ID } from '../fields.ts'
import { route } from '../route.ts'

const NAME = z.string().regex(/^[a-z0-9-]{1,20}$/)
const MATCH = z
  .string()
  .max(500)
  .regex(/^[0-9a-fA-F.:]+(\/\d{1,3})?(,[0-9a-fA-F.:]+(\/\d{1,3})?)*$/)
  .describe('Addresses or networks that its calls come from')

const tag = 'trunks'

export const trunkRoutes = [
  route({
    ...{ method: 'get', path: '/trunks', scope: 'tenants:read', reach: 'tenant', tag, summary: 'List carriers' },
    answer: {
      status: 200,
      body: z.strictObject({ items: z.array(z.strictObject({ id: ID, name: z.string(), match: z.string() })) }),
    },
    handle: async ({ site, tenant }) => ({ status: 200, body: { items: await listTrunks(site.desk, tenant) } }),
  }),
  route({
    ...{ method: 'post', path: '/trunks', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Add a carrier that is known by its addresses',
    body: z.strictObject({ name: NAME, match: MATCH }),
    answer: { status: 201, body: z.strictObject({ name: z.string(), match: z.string() }) },
    async handle({ site, tenant, body, actor }) {
      await addTrunk(site.desk, tenant, body, actor)
      return { status: 201, body }
    },
  }),
  route({
    ...{ method: 'delete', path: '/trunks/{name}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Remove a carrier',
    params: z.strictObject({ name: NAME }),
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeTrunk(site.desk, tenant, params.name, actor)
      return { status: 204 }
    },
  }),
]
