import { z } from 'zod'
import {
  addProfile,
  assignProfile,
  listProfiles,
  readProfile,
  removeProfile,
  renameProfile,
} from '../../../people/profiles.ts'
import { readDevice, viewDevice } from '../../../people/page-devices.ts'
import { BY_ID, ID, LABEL } from '../fields.ts'
import { route } from '../route.ts'
import { BY_DEVICE, DEVICE } from './devices.ts'

const PROFILE = z.strictObject({ id: ID, name: z.string(), phones: z.int() }).meta({ id: 'Profile' })
const NAMED = z.strictObject({ name: LABEL })

const tag = 'profiles'
const write = { scope: 'tenants:write', reach: 'tenant', tag } as const

/** Named sets of settings for phones of one use; what they say is at `/profiles/{id}/settings`. */
export const profileRoutes = [
  route({
    ...{ method: 'get', path: '/profiles', scope: 'phones:read', reach: 'tenant', tag, summary: 'List profiles' },
    answer: { status: 200, body: z.strictObject({ items: z.array(PROFILE) }) },
    handle: async ({ site, tenant }) => ({ status: 200, body: { items: await listProfiles(site.desk, tenant) } }),
  }),
  route({
    ...{ method: 'post', path: '/profiles', ...write, summary: 'Add a profile' },
    body: NAMED,
    answer: { status: 201, body: PROFILE },
    async handle({ site, tenant, body, actor }) {
      return { status: 201, body: await addProfile(site.desk, tenant, body.name, actor) }
    },
  }),
  route({
    ...{ method: 'patch', path: '/profiles/{id}', ...write, summary: 'Give a profile another name' },
    params: BY_ID,
    body: NAMED,
    answer: { status: 200, body: PROFILE },
    current: ({ tenant, params }, client) => readProfile(client, tenant, params.id),
    async handle({ site, tenant, params, body, actor }) {
      return { status: 200, body: await renameProfile(site.desk, tenant, params.id, body.name, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/profiles/{id}', ...write, summary: 'Remove a profile that no phone has' },
    params: BY_ID,
    answer: { status: 204 },
    current: ({ tenant, params }, client) => readProfile(client, tenant, params.id),
    async handle({ site, tenant, params, actor }) {
      await removeProfile(site.desk, tenant, params.id, actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'patch', path: '/devices/{device}', scope: 'phones:write', reach: 'tenant', tag: 'devices' },
    summary: 'Give a phone a profile, or take it away',
    params: BY_DEVICE,
    body: z.strictObject({ profile: ID.nullable().describe('null: none') }),
    answer: { status: 200, body: DEVICE },
    current: ({ tenant, params }, client) => readDevice(client, tenant, params.device),
    async handle({ site, tenant, params, body, actor }) {
      await assignProfile(site.desk, tenant, { profile: body.profile, phones: [params.device] }, actor)
      return { status: 200, body: await viewDevice(site.desk, tenant, params.device) }
    },
  }),
]
