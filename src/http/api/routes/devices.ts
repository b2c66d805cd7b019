import { z } from 'zod'
import { resync } from '../../../asterisk/resync.ts'
import { tellWaiting } from '../../../db/waiting-phones.ts'
import { AppError } from '../../../model/app-error.ts'
import { addFreePhone, addPhone, assignPhone } from '../../../people/phones/add-phone.ts'
import { claimPhone } from '../../../people/phones/claim-phone.ts'
import { removePhone } from '../../../people/phones/remove-phone.ts'
import { swapPhone } from '../../../people/phones/swap-phone.ts'
import { findDevice } from '../../../people/find-device.ts'
import { noteResync } from '../../../people/note-resync.ts'
import { pageDevices, readDevice, viewDevice } from '../../../people/page-devices.ts'
import { releasePhones } from '../../../people/release-phones.ts'
import { rotateDevice } from '../../../people/rotate-device.ts'
import { ID, TIME } from '../fields.ts'
import { findPerson, PERSON, requirePerson } from '../person.ts'
import { answerPage, PAGE, pageSchema, readCursor } from '../pages.ts'
import { route } from '../route.ts'

export const BY_DEVICE = z.strictObject({
  device: z.string().min(1).max(100).describe('MAC address, or name of a softphone'),
})
const NULLABLE = z.string().nullable()
export const DEVICE = z
  .strictObject({
    ...{ id: ID, name: z.string(), mac: NULLABLE, family: z.string(), model: z.string(), location: NULLABLE },
    profile: NULLABLE.describe('The named set of settings that it has'),
    user: ID.nullable(),
    lines: z.array(z.strictObject({ line: z.int(), extension: z.string(), user: ID.nullable() })),
    sealed_at: TIME.nullable().describe('When it first proved which one it is, or came with its own address'),
    released_until: TIME.nullable().describe('Until when it gets its files by MAC address alone'),
  })
  .meta({ id: 'Device' })
const LINE = z.int().min(1).max(64).optional().describe('The first free one, unless said')
const RELEASE = z.strictObject({ minutes: z.int().min(1).max(10_080).default(15) })
const RELEASED = z.strictObject({ closes_at: TIME })

const tag = 'devices'

export const deviceRoutes = [
  route({
    ...{ method: 'get', path: '/devices', scope: 'phones:read', reach: 'tenant', tag, summary: 'List phones' },
    query: z.strictObject({ ...PAGE, q: z.string().max(100).optional().describe('Part of a MAC address or model') }),
    answer: { status: 200, body: pageSchema(DEVICE) },
    async handle({ site, tenant, query }) {
      const after = readCursor(query, z.string().max(100)) ?? ''
      const found = await pageDevices(site.desk, tenant, { after, limit: query.limit + 1, search: query.q })
      return answerPage('/devices', query, found, ({ name }) => name)
    },
  }),
  route({
    ...{ method: 'get', path: '/devices/{device}', scope: 'phones:read', reach: 'tenant', tag, summary: 'One phone' },
    params: BY_DEVICE,
    answer: { status: 200, body: DEVICE },
    current: ({ tenant, params }, client) => readDevice(client, tenant, params.device),
    async handle({ site, tenant, params }) {
      return { status: 200, body: await viewDevice(site.desk, tenant, params.device) }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Add a phone: for a person beside those that they have, or without one as stock',
    body: z.strictObject({ mac: z.string().max(40), model: z.string().max(100), ...PERSON, line: LINE }),
    answer: { status: 201, body: DEVICE },
    async handle({ site, tenant, body: { user: id, extension, line, ...phone }, actor }) {
      const user = await findPerson(site, tenant, { user: id, extension })
      if (user === null) await addFreePhone(site.desk, tenant, phone, actor)
      else await addPhone(site.desk, tenant, { ...phone, user, line }, actor)
      await tellWaiting(site.owner, tenant.id)
      return { status: 201, body: await viewDevice(site.desk, tenant, phone.mac) }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/claim', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Give a person a phone that is plugged in and unknown or in stock, and let it fetch its configuration',
    body: z.strictObject({
      ...{ mac: z.string().max(40), ...PERSON, line: LINE, minutes: z.int().min(1).max(10_080).default(15) },
      model: z.string().max(100).optional().describe('What it said itself when it asked for files, unless said'),
    }),
    answer: { status: 201, body: DEVICE },
    async handle({ site, tenant, body, actor }) {
      const user = await requirePerson(site, tenant, body)
      const { mac } = await claimPhone(site.desk, site.owner, tenant, { ...body, user }, actor)
      return { status: 201, body: await viewDevice(site.desk, tenant, mac) }
    },
  }),
  route({
    ...{ method: 'delete', path: '/devices/{device}', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Take a phone from everybody who is on it and forget it, or keep it as stock',
    params: BY_DEVICE,
    query: z.strictObject({ keep: z.enum(['true', 'false']).default('false') }),
    answer: { status: 204 },
    current: ({ tenant, params }, client) => readDevice(client, tenant, params.device),
    async handle({ site, tenant, params, query, actor }) {
      await removePhone(site.desk, tenant, { mac: params.device, keep: query.keep === 'true' }, actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/{device}/assign', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Put a person on a phone that is there',
    params: BY_DEVICE,
    body: z.strictObject({ ...PERSON, line: LINE }),
    answer: { status: 200, body: DEVICE },
    async handle({ site, tenant, params, body, actor }) {
      const user = await requirePerson(site, tenant, body)
      await assignPhone(site.desk, tenant, { user, line: body.line, mac: params.device }, actor)
      return { status: 200, body: await viewDevice(site.desk, tenant, params.device) }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/{device}/swap', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Replace a phone by another: lines, keys and settings stay, the address is new',
    params: BY_DEVICE,
    body: z.strictObject({ by: z.string().max(40).describe('MAC address'), model: z.string().max(100).optional() }),
    answer: { status: 200, body: DEVICE },
    async handle({ site, tenant, params, body, actor }) {
      await swapPhone(site.desk, tenant, { ...body, mac: params.device }, actor)
      await tellWaiting(site.owner, tenant.id)
      return { status: 200, body: await viewDevice(site.desk, tenant, body.by) }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/release', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Let all phones fetch their configuration by MAC address for a while',
    body: RELEASE,
    answer: { status: 200, body: RELEASED },
    async handle({ site, tenant, body, actor }) {
      const closes_at = await releasePhones(site.desk, tenant, { deviceId: null, minutes: body.minutes, actor })
      return { status: 200, body: { closes_at } }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/{device}/release', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Let a phone fetch its configuration by MAC address for a while',
    params: BY_DEVICE,
    body: RELEASE,
    answer: { status: 200, body: RELEASED },
    async handle({ site, tenant, params, body, actor }) {
      const { device } = await findDevice(site.desk, tenant, params.device)
      const window = { deviceId: Number(device['id']), minutes: body.minutes, actor }
      return { status: 200, body: { closes_at: await releasePhones(site.desk, tenant, window) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/{device}/resync', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Tell a phone through Asterisk to fetch its configuration again',
    params: BY_DEVICE,
    answer: { status: 202, body: z.strictObject({ event: z.string() }) },
    async handle({ site, tenant, params, actor }) {
      const found = await findDevice(site.desk, tenant, params.device)
      const { device, endpoints } = found
      const family = site.families.find(({ name }) => name === device['family'])
      if (!family?.resync)
        throw new AppError('input-invalid', `A ${String(device['family'])} phone cannot be told; restart it.`)
      if (endpoints.length === 0) throw new AppError('input-invalid', 'The phone has no account to be reached by.')
      if (!site.ami) throw new AppError('ami-unreachable', 'OFFHOOK_AMI_URL is not set.')
      await site.ami.whenReady()
      await resync(site.ami, endpoints[0]!, family.resync.event)
      await noteResync(site.desk, tenant, found, actor)
      return { status: 202, body: { event: family.resync.event } }
    },
  }),
  route({
    ...{ method: 'post', path: '/devices/{device}/rotate', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Give a phone a new address to fetch from; the old one stops working',
    params: BY_DEVICE,
    query: z.strictObject({
      passwords: z
        .enum(['true', 'false'])
        .default('false')
        .describe('Also new passwords of its accounts and its page, as after others could read them'),
    }),
    answer: { status: 200, body: DEVICE },
    async handle({ site, tenant, params, query, actor }) {
      const found = await findDevice(site.desk, tenant, params.device)
      await rotateDevice(site.desk, tenant, found, actor, { passwords: query.passwords === 'true' })
      return { status: 200, body: await viewDevice(site.desk, tenant, params.device) }
    },
  }),
]
