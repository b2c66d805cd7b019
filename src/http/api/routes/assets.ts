import { z } from 'zod'
import { addAsset, ASSET_KINDS, listAssets, removeAsset } from '../../../store/assets.ts'
import { useAsset } from '../../../store/use-asset.ts'
import { BY_ID, ID, TIME } from '../fields.ts'
import { route } from '../route.ts'
import { SHA256 } from './firmware.ts'

const WORD = z.string().min(1).max(120)
const KIND = z.enum(ASSET_KINDS)
const ASSET = z
  .strictObject({
    ...{ id: ID, kind: KIND, name: z.string(), family: z.string().nullable(), model: z.string().nullable() },
    ...{ sha256: z.string(), bytes: z.int(), format: z.string(), added_at: TIME },
    ...{ width: z.int().nullable(), height: z.int().nullable() },
    audio: z
      .strictObject({ coding: z.string(), rateHz: z.int(), bits: z.int(), channels: z.int() })
      .nullable()
      .describe('Of a WAV file'),
  })
  .meta({ id: 'Asset' })

const tag = 'assets'

export const assetRoutes = [
  route({
    ...{ method: 'get', path: '/assets', scope: 'phones:read', reach: 'tenant', tag },
    summary: 'List ringtones, wallpapers, licence and language files',
    answer: { status: 200, body: z.strictObject({ items: z.array(ASSET) }) },
    async handle({ site, tenant }) {
      return { status: 200, body: { items: await listAssets(site.shelf, tenant) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/assets', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Upload a file, as the body; it takes the place of the one of that kind, name, family and model',
    query: z.strictObject({
      kind: KIND,
      name: WORD.describe('Of a ringtone or wallpaper: settings say it without the extension'),
      family: WORD.optional().describe('For its phones only'),
      model: WORD.optional().describe('For this model of the family only'),
      sha256: SHA256.optional().describe('In hex; what comes must have it'),
    }),
    upload: ['application/octet-stream', 'image/png', 'image/jpeg', 'image/bmp', 'audio/wav', 'audio/mpeg'],
    answer: { status: 201, body: ASSET },
    async handle({ site, tenant, query, upload, actor }) {
      return { status: 201, body: await addAsset(site.shelf, tenant, { ...query, ...upload! }, actor) }
    },
  }),
  route({
    ...{ method: 'post', path: '/assets/use', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Have phones play a ringtone or show a wallpaper: of the tenant, of a location, or one',
    body: z.strictObject({
      kind: z.enum(['ringtone', 'wallpaper']),
      name: WORD.nullable().describe('Null: none of ours any more'),
      location: z.string().min(1).max(100).optional(),
      device: WORD.optional().describe('MAC address, or name'),
    }),
    answer: {
      status: 200,
      body: z.strictObject({
        name: z.string().nullable(),
        unfit: z
          .array(z.strictObject({ family: z.string(), model: z.string(), phones: z.int(), reason: z.string() }))
          .describe('Phones there that cannot use it, by model'),
      }),
    },
    async handle({ site, tenant, body: { device, ...use }, actor }) {
      return { status: 200, body: await useAsset(site.shelf, tenant, { ...use, phone: device }, actor) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/assets/{id}', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Remove a file; the last of its name only when no setting says it',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeAsset(site.shelf, tenant, params, actor)
      return { status: 204 }
    },
  }),
]
