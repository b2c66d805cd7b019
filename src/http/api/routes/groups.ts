import { z } from 'zod'
import { AppError } from '../../../model/app-error.ts'
import { addGroup, rankMember, removeGroup, setGroup } from '../../../people/groups/edit-groups.ts'
import { STRATEGIES } from '../../../people/groups/group.ts'
import { listGroups } from '../../../people/groups/list-groups.ts'
import type { ApiSite } from '../route.ts'
import type { Tenant } from '../../../db/tenants.ts'
import { BY_ID, ID, LABEL } from '../fields.ts'
import { route } from '../route.ts'

const GROUP = z
  .strictObject({
    ...{ id: ID, name: z.string(), number: z.string().nullable(), strategy: z.string() },
    ...{ timeout_seconds: z.int(), ring_seconds: z.int(), queue: z.string() },
    members: z.array(
      z.strictObject({
        ...{ user: ID, name: z.string(), extension: z.string().nullable(), penalty: z.int(), paused: z.boolean() },
      }),
    ),
  })
  .meta({ id: 'Group' })
const FIELDS = {
  number: z
    .string()
    .regex(/^\d{2,10}$/)
    .nullable()
    .optional()
    .describe('null: nobody can dial it'),
  strategy: z.enum(STRATEGIES as [string, ...string[]]).optional(),
  timeout_seconds: z.int().min(5).max(7200).optional().describe('How long a caller waits'),
  ring_seconds: z.int().min(5).max(300).optional().describe('How long a phone rings before the next round'),
}

const tag = 'groups'

export const groupRoutes = [
  route({
    ...{ method: 'get', path: '/groups', scope: 'people:read', reach: 'tenant', tag, summary: 'List skill groups' },
    answer: { status: 200, body: z.strictObject({ items: z.array(GROUP) }) },
    handle: async ({ site, tenant }) => ({ status: 200, body: { items: await listGroups(site.desk, tenant) } }),
  }),
  route({
    ...{ method: 'post', path: '/groups', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Add a skill group; people join it by their field groups',
    body: z.strictObject({ name: LABEL, ...FIELDS }),
    answer: { status: 201, body: GROUP },
    async handle({ site, tenant, body, actor }) {
      const id = await addGroup(site.desk, tenant, { ...toFields(body), name: body.name }, actor)
      return { status: 201, body: await find(site, tenant, id) }
    },
  }),
  route({
    ...{
      method: 'patch',
      path: '/groups/{id}',
      scope: 'people:write',
      reach: 'tenant',
      tag,
      summary: 'Change a group',
    },
    params: BY_ID,
    body: z.strictObject({ name: LABEL.optional(), ...FIELDS }),
    answer: { status: 200, body: GROUP },
    async handle({ site, tenant, params, body, actor }) {
      await setGroup(site.desk, tenant, String(params.id), toFields(body), actor)
      return { status: 200, body: await find(site, tenant, params.id) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/groups/{id}', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Remove a group; its members stay',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeGroup(site.desk, tenant, String(params.id), actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'post', path: '/groups/{id}/ranks', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Say when a member is called: 0 first, higher numbers when nobody before is free',
    params: BY_ID,
    body: z.strictObject({ extension: z.string().regex(/^\d{2,10}$/), penalty: z.int().min(0).max(100) }),
    answer: { status: 200, body: GROUP },
    async handle({ site, tenant, params, body, actor }) {
      await rankMember(site.desk, tenant, { ...body, group: String(params.id) }, actor)
      return { status: 200, body: await find(site, tenant, params.id) }
    },
  }),
]

async function find({ desk }: ApiSite, tenant: Tenant, id: number) {
  const group = (await listGroups(desk, tenant)).find((each) => each.id === id)
  if (!group) throw new AppError('group-unknown', `The tenant ${tenant.slug} has no group ${id}.`)
  return group
}

type Body = z.output<z.ZodObject<typeof FIELDS>> & { name?: string | undefined }

function toFields({ name, number, strategy, timeout_seconds: timeoutSeconds, ring_seconds: ringSeconds }: Body) {
  return { name, number, strategy, timeoutSeconds, ringSeconds }
}
