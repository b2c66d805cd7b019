import { z } from 'zod'
import { listTenants, type Tenant } from '../../../db/tenants.ts'
import { addTenant } from '../../../people/add-tenant.ts'
import { ID, LABEL } from '../fields.ts'
import { route } from '../route.ts'

const TENANT = z.strictObject({ id: ID, slug: z.string(), name: z.string() }).meta({ id: 'Tenant' })

const tag = 'tenants'

export const tenantRoutes = [
  route({
    ...{ method: 'get', path: '/tenants', scope: 'tenants:read', reach: 'installation', tag },
    summary: 'List the organisations of this installation',
    answer: { status: 200, body: z.strictObject({ items: z.array(TENANT) }) },
    handle: async ({ site }) => ({ status: 200, body: { items: (await listTenants(site.owner)).map(show) } }),
  }),
  route({
    ...{ method: 'post', path: '/tenants', scope: 'tenants:write', reach: 'installation', tag },
    summary: 'Make an organisation; its slug is part of every account name and never changes',
    body: z.strictObject({ slug: z.string().regex(/^[a-z0-9]{2,16}$/), name: LABEL }),
    answer: { status: 201, body: TENANT },
    async handle({ site, body, actor }) {
      return { status: 201, body: show(await addTenant(site.owner, body, actor)) }
    },
  }),
  route({
    ...{ method: 'get', path: '/tenant', scope: 'tenants:read', reach: 'tenant', tag },
    summary: 'The organisation that the token works for',
    answer: { status: 200, body: TENANT },
    handle: ({ tenant }) => Promise.resolve({ status: 200, body: show(tenant) }),
  }),
]

function show({ id, slug, name }: Tenant) {
  return { id, slug, name }
}
