import { z } from 'zod'
import { addLocation, changeLocation, listLocations, type Location, removeLocation } from '../../../people/locations.ts'
import { describeTenantDefaults, setTenantDefaults } from '../../../people/tenant-defaults.ts'
import { BY_ID, ID, LABEL } from '../fields.ts'
import { route } from '../route.ts'

const DEFAULTS = z.record(z.string(), z.string()).describe('Rules, ranges and defaults of fields, as text')
const CHANGES = z
  .record(z.string().max(60), z.string().max(2000).nullable())
  .describe('Rules (extension_range, country, …) and defaults of fields, as text; null takes one out')
const LOCATION = z
  .strictObject({ id: ID, name: z.string(), defaults: DEFAULTS, people: z.int(), phones: z.int() })
  .meta({ id: 'Location' })

const tag = 'locations'

export const locationRoutes = [
  route({
    ...{ method: 'get', path: '/tenant/defaults', scope: 'tenants:read', reach: 'tenant', tag: 'tenants' },
    summary: 'Rules, number ranges and defaults of the tenant, and what is in effect at a location',
    query: z.strictObject({ location: z.string().max(100).optional() }),
    answer: {
      status: 200,
      body: z.strictObject({
        defaults: DEFAULTS,
        effective: z.array(z.strictObject({ name: z.string(), value: z.string(), from: z.string() })),
      }),
    },
    async handle({ site, tenant, query }) {
      return { status: 200, body: await describeTenantDefaults(site.desk, tenant, query.location ?? null) }
    },
  }),
  route({
    ...{ method: 'patch', path: '/tenant/defaults', scope: 'tenants:write', reach: 'tenant', tag: 'tenants' },
    summary: 'Change rules, number ranges and defaults; people who exist stay as they are',
    body: CHANGES,
    answer: { status: 200, body: z.strictObject({ defaults: DEFAULTS }) },
    async handle({ site, tenant, body, actor }) {
      return { status: 200, body: { defaults: await setTenantDefaults(site.desk, tenant, body, actor) } }
    },
  }),
  route({
    ...{ method: 'get', path: '/locations', scope: 'tenants:read', reach: 'tenant', tag, summary: 'List sites' },
    answer: { status: 200, body: z.strictObject({ items: z.array(LOCATION) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: (await listLocations(site.desk, tenant)).map(show) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/locations', scope: 'tenants:write', reach: 'tenant', tag, summary: 'Add a site' },
    body: z.strictObject({ name: LABEL, defaults: CHANGES.optional() }),
    answer: { status: 201, body: LOCATION },
    async handle({ site, tenant, body, actor }) {
      return { status: 201, body: show(await addLocation(site.desk, tenant, body, actor)) }
    },
  }),
  route({
    ...{ method: 'patch', path: '/locations/{id}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Change a site',
    params: BY_ID,
    body: z.strictObject({ name: LABEL.optional(), defaults: CHANGES.optional() }),
    answer: { status: 200, body: LOCATION },
    async handle({ site, tenant, params, body, actor }) {
      return { status: 200, body: show(await changeLocation(site.desk, tenant, params.id, body, actor)) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/locations/{id}', scope: 'tenants:write', reach: 'tenant', tag },
    summary: 'Remove a site where nobody is',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeLocation(site.desk, tenant, params.id, actor)
      return { status: 204 }
    },
  }),
]

/** Settings of phones stay out: a password may be among them. */
function show({ id, name, defaults, people, phones }: Location) {
  return { id, name, defaults, people, phones }
}
