import { z } from 'zod'
import { addFirmware, listFirmware, removeFirmware } from '../../../store/firmware.ts'
import { BY_ID, ID, TIME } from '../fields.ts'
import { route } from '../route.ts'

const WORD = z.string().min(1).max(120)
export const SHA256 = z.string().regex(/^[0-9a-fA-F]{64}$/)
const IMAGE = z
  .strictObject({
    ...{ id: ID, family: z.string(), version: z.string(), open: z.boolean(), added_at: TIME },
    files: z.array(
      z.strictObject({
        ...{ name: z.string(), sha256: z.string(), bytes: z.int() },
        models: z.array(z.string()).describe('In lower case; none: every model of the family'),
      }),
    ),
    rollouts: z.int(),
    phones: z.int().describe('How many it is offered to or pinned on'),
  })
  .meta({ id: 'Firmware' })

const tag = 'firmware'

export const firmwareRoutes = [
  route({
    ...{ method: 'get', path: '/firmware', scope: 'phones:read', reach: 'tenant', tag },
    summary: 'List firmware images',
    answer: { status: 200, body: z.strictObject({ items: z.array(IMAGE) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await listFirmware(site.shelf, tenant) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/firmware', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Upload a file of a firmware image, as the body; the first one makes the image',
    query: z.strictObject({
      family: WORD,
      version: WORD.describe('As its phones say it in their User-Agent'),
      name: WORD.describe('As its phones ask for it'),
      models: z.string().max(2000).optional().describe('Comma-separated; every model of the family, unless said'),
      open: z.enum(['true', 'false']).default('false').describe('Whether anybody gets it by its bare name'),
      sha256: SHA256.optional().describe('In hex; what comes must have it'),
    }),
    upload: ['application/octet-stream'],
    answer: { status: 201, body: IMAGE },
    async handle({ site, tenant, query, upload, actor }) {
      const models = (query.models ?? '').split(',').filter((name) => name.trim() !== '')
      const file = { ...query, ...upload!, models, open: query.open === 'true' }
      return { status: 201, body: await addFirmware(site.shelf, tenant, file, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/firmware/{id}', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Remove an image that no rollout, pin or phone needs',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeFirmware(site.shelf, tenant, params, actor)
      return { status: 204 }
    },
  }),
]
