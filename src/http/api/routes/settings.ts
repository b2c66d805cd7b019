import { z } from 'zod'
import type { Scope } from '../../../access/scopes.ts'
import { changeSettings, clearSettings, readStoredSettings, viewSettings } from '../../../people/settings/settings.ts'
import type { SettingsPlace } from '../../../people/settings/settings-place.ts'
import { describeSettings } from '../../../phones/describe-settings.ts'
import { BY_ID } from '../fields.ts'
import { type Route, route } from '../route.ts'
import { BY_DEVICE } from './devices.ts'

const PATH = z.string().min(1).max(600)
const SETTINGS = z
  .strictObject({
    settings: z
      .record(z.string(), z.json())
      .describe('By path: timezone, lines.1.transport, keys.3.kind, raw.NAME; a password or key is ***'),
  })
  .meta({ id: 'PhoneSettings' })
const CHANGED = SETTINGS.extend({
  unfit: z
    .array(
      z.strictObject({
        ...{ family: z.string(), model: z.string(), phones: z.int(), reason: z.string() },
        setting: z.string().describe('Empty: with what is said they would get no file at all'),
      }),
    )
    .describe('Phones there that it does not reach, unless a layer nearer to them says otherwise'),
})
const CHANGES = z.strictObject({
  set: z
    .record(PATH, z.json())
    .optional()
    .describe(
      'By path. null is a value: { "vlanId": null } is untagged. { "secret": TEXT } keeps a raw setting secret',
    ),
  unset: z
    .array(PATH)
    .max(1000)
    .optional()
    .describe('What is said no more; lines, keys, raw, keys.3 stand for all in it'),
})
const WORD = z.strictObject({
  ...{ name: z.string(), type: z.string(), secret: z.boolean(), meaning: z.string() },
  default: z.json().optional().describe('Absent: there is none'),
})

const reach = 'tenant'

/** What one layer of a phone's settings says: to be read, changed, and taken out as a whole. */
function routesOf<P extends z.ZodType>(
  where: { path: string; write: Scope; tag: string; what: string; params?: P },
  placeOf: (params: z.output<P>) => SettingsPlace,
): Route[] {
  const { path, write, tag, what, params } = where
  const base = { path: `${path}/settings`, reach, tag, ...(params && { params }) } as const
  const current: Route['current'] = (ask, client) =>
    readStoredSettings(client, ask.tenant!, placeOf(ask.params as z.output<P>))
  return [
    route({
      ...{ method: 'get', scope: 'phones:read', ...base, current },
      summary: `Settings of phones that ${what} says itself`,
      answer: { status: 200, body: SETTINGS },
      async handle({ site, tenant, params: named }) {
        const settings = await viewSettings(site.desk, tenant, placeOf(named))
        return { status: 200, body: { settings } }
      },
    }),
    route({
      ...{ method: 'patch', scope: write, ...base, current },
      summary: `Change settings of phones that ${what} says; phones whose files are others by it are told`,
      body: CHANGES,
      answer: { status: 200, body: CHANGED },
      async handle({ site, tenant, params: named, body, actor }) {
        const wanted = { changes: body, families: site.families }
        return { status: 200, body: await changeSettings(site.desk, tenant, placeOf(named), wanted, actor) }
      },
    }),
    route({
      ...{ method: 'delete', scope: write, ...base, current },
      summary: `Take out all settings of phones that ${what} says`,
      answer: { status: 204 },
      async handle({ site, tenant, params: named, actor }) {
        await clearSettings(site.desk, tenant, placeOf(named), actor)
        return { status: 204 }
      },
    }),
  ]
}

export const settingsRoutes: Route[] = [
  route({
    ...{ method: 'get', path: '/settings', scope: 'phones:read', reach, tag: 'devices' },
    summary: 'All settings of phones that there are: what each takes and what it is for',
    answer: { status: 200, body: z.strictObject({ items: z.array(WORD) }) },
    handle: () => Promise.resolve({ status: 200, body: { items: describeSettings() } }),
  }),
  ...routesOf({ path: '/tenant', write: 'tenants:write', tag: 'tenants', what: 'the tenant' }, () => ({
    layer: 'tenant',
  })),
  ...routesOf(
    { path: '/locations/{id}', write: 'tenants:write', tag: 'locations', what: 'a location', params: BY_ID },
    ({ id }) => ({ layer: 'location', which: id }),
  ),
  ...routesOf(
    { path: '/profiles/{id}', write: 'tenants:write', tag: 'profiles', what: 'a profile', params: BY_ID },
    ({ id }) => ({ layer: 'profile', which: id }),
  ),
  ...routesOf(
    { path: '/devices/{device}', write: 'phones:write', tag: 'devices', what: 'one phone', params: BY_DEVICE },
    ({ device }) => ({ layer: 'phone', which: device }),
  ),
]
