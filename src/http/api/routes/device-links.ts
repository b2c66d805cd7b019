import { z } from 'zod'
import type { Tenant } from '../../../db/tenants.ts'
import { type PreparedLink, prepareLink } from '../../../boot/prepare-link.ts'
import { makeQrCode } from '../../../model/qr-code.ts'
import { writePng, writeSvg } from '../../../model/qr-pictures.ts'
import { findDevice } from '../../../people/find-device.ts'
import { readPhoneRules } from '../../../people/phone-rules.ts'
import { storeLink } from '../../../people/phones/store-link.ts'
import { TIME } from '../fields.ts'
import { type ApiSite, route } from '../route.ts'
import { BY_DEVICE } from './devices.ts'

const LASTING = z.strictObject({ minutes: z.coerce.number().int().min(1).max(43_200).default(60) })

const write = { method: 'post', scope: 'phones:write', reach: 'tenant', tag: 'devices' } as const

/** Links that set an app up once, as text and as pictures. Each request makes another one. */
export const deviceLinkRoutes = [
  route({
    ...{ ...write, path: '/devices/{device}/link', summary: 'A link that sets an app up, once' },
    params: BY_DEVICE,
    body: LASTING,
    answer: {
      status: 201,
      body: z.strictObject({
        picture: z.string().describe('What a QR code says, for the camera of the app'),
        tap: z.string().describe('What is opened on the phone itself'),
        expires_at: TIME,
      }),
    },
    async handle({ site, tenant, params, body, actor }) {
      const { picture, tap, expires_at } = await makeLink(site, tenant, { ...params, ...body }, actor)
      return { status: 201, body: { picture, tap, expires_at } }
    },
  }),
  route({
    ...{ ...write, path: '/devices/{device}/qr.png', summary: 'The QR code of a link that sets an app up, once' },
    params: BY_DEVICE,
    query: LASTING,
    answer: { status: 201, type: 'image/png' },
    async handle({ site, tenant, params, query, actor }) {
      const { picture } = await makeLink(site, tenant, { ...params, ...query }, actor)
      return sendPicture(writePng(makeQrCode(picture)), 'image/png')
    },
  }),
  route({
    ...{ ...write, path: '/devices/{device}/qr.svg', summary: 'The same as a picture that can be scaled' },
    params: BY_DEVICE,
    query: LASTING,
    answer: { status: 201, type: 'image/svg+xml' },
    async handle({ site, tenant, params, query, actor }) {
      const { picture } = await makeLink(site, tenant, { ...params, ...query }, actor)
      return sendPicture(writeSvg(makeQrCode(picture)), 'image/svg+xml')
    },
  }),
]

async function makeLink(
  site: ApiSite,
  tenant: Tenant,
  wanted: { device: string; minutes: number },
  actor: string,
): Promise<PreparedLink & { expires_at: Date }> {
  const { device } = await findDevice(site.desk, tenant, wanted.device)
  const { apps } = await readPhoneRules(site.desk, tenant)
  const link = prepareLink(site, { name: String(device['name']), family: String(device['family']) }, apps)
  const stored = { deviceId: Number(device['id']), token: link.token, minutes: wanted.minutes }
  return { ...link, expires_at: await storeLink(site.desk, tenant, stored, actor) }
}

function sendPicture(bytes: Buffer | string, type: string) {
  return { status: 201, bytes, headers: { 'Content-Type': type, 'Cache-Control': 'no-store' } }
}
