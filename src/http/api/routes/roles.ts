import { z } from 'zod'
import { addRole, changeRole, listRoles, removeRole } from '../../../people/roles.ts'
import { BY_ID, ID, LABEL } from '../fields.ts'
import { route } from '../route.ts'

const AUTHENTICATION = z.enum(['default', 'disabled', 'email', 'app'])
const ROLE = z
  .strictObject({ id: ID, name: z.string(), is_admin: z.boolean(), authentication: AUTHENTICATION })
  .meta({ id: 'Role' })

const tag = 'roles'

export const roleRoutes = [
  route({
    ...{ method: 'get', path: '/roles', scope: 'tenants:read', reach: 'tenant', tag, summary: 'List roles' },
    answer: { status: 200, body: z.strictObject({ items: z.array(ROLE) }) },
    handle: async ({ site, tenant }) => ({ status: 200, body: { items: await listRoles(site.desk, tenant) } }),
  }),
  route({
    ...{ method: 'post', path: '/roles', scope: 'tenants:write', reach: 'tenant', tag, summary: 'Add a role' },
    body: z.strictObject({ name: LABEL, is_admin: z.boolean().optional(), authentication: AUTHENTICATION.optional() }),
    answer: { status: 201, body: ROLE },
    async handle({ site, tenant, body: { is_admin: isAdmin, ...rest }, actor }) {
      return { status: 201, body: await addRole(site.desk, tenant, { ...rest, isAdmin }, actor) }
    },
  }),
  route({
    ...{ method: 'patch', path: '/roles/{id}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Change a role; a new name goes to its people too',
    params: BY_ID,
    body: z.strictObject({
      ...{ name: LABEL.optional(), is_admin: z.boolean().optional(), authentication: AUTHENTICATION.optional() },
    }),
    answer: { status: 200, body: ROLE },
    async handle({ site, tenant, params, body: { is_admin: isAdmin, ...rest }, actor }) {
      return { status: 200, body: await changeRole(site.desk, tenant, params.id, { ...rest, isAdmin }, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/roles/{id}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Remove a role that nobody has',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeRole(site.desk, tenant, params.id, actor)
      return { status: 204 }
    },
  }),
]
