import { z } from 'zod'
import { findDevice } from '../../../people/find-device.ts'
import { closeLoginPath, openLoginPath, readLoginPath } from '../../../people/login-address.ts'
import { givePasswords, type PhonePassword } from '../../../people/phones/login-phone.ts'
import { type ApiSite, route } from '../route.ts'
import { BY_DEVICE } from './devices.ts'

const RENEW = z.boolean().default(false)
const URL_OR_NULL = z.string().nullable().describe('Where phones are asked for their password; null: nowhere')
const LOGIN = z
  .strictObject({ phone: z.string(), user: z.string().describe('Its MAC address'), password: z.string() })
  .meta({ id: 'PhoneLogin' })
const ADDRESS = z.strictObject({ url: URL_OR_NULL })

const tag = 'devices'
/** Whoever reads the address or a password can fetch with it. */
const write = { scope: 'phones:write', reach: 'tenant', tag } as const

/** Passwords of phones for HTTP, and the folder where phones are asked for them. */
export const phoneLoginRoutes = [
  route({
    ...{ method: 'post', path: '/devices/{device}/login', ...write },
    summary: 'What a phone answers when it is asked for its password over HTTP: the one that it has, or a new one',
    params: BY_DEVICE,
    body: z.strictObject({ renew: RENEW.describe('A new one; the old one stops working') }),
    answer: { status: 200, body: LOGIN.extend({ url: URL_OR_NULL }) },
    async handle({ site, tenant, params, body, actor }) {
      const { device } = await findDevice(site.desk, tenant, params.device)
      const wanted = { deviceId: Number(device['id']), renew: body.renew }
      const [given] = await givePasswords(site.desk, tenant, wanted, actor)
      return { status: 200, body: { ...reveal(given!), url: toUrl(site, await readLoginPath(site.desk, tenant)) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/phone-logins', ...write },
    summary: 'The same of all phones that have a MAC address',
    body: z.strictObject({ renew: RENEW.describe('New ones for all; the old ones stop working') }),
    answer: { status: 200, body: z.strictObject({ url: URL_OR_NULL, phones: z.array(LOGIN) }) },
    async handle({ site, tenant, body, actor }) {
      const given = await givePasswords(site.desk, tenant, { deviceId: null, renew: body.renew }, actor)
      const url = toUrl(site, await readLoginPath(site.desk, tenant))
      return { status: 200, body: { url, phones: given.map(reveal) } }
    },
  }),
  route({
    ...{ method: 'get', path: '/phone-login-address', ...write },
    summary: 'The address where phones of the tenant are asked for their password instead of being refused',
    answer: { status: 200, body: ADDRESS },
    current: ({ site, tenant }) => readLoginPath(site.desk, tenant),
    async handle({ site, tenant }) {
      return { status: 200, body: { url: toUrl(site, await readLoginPath(site.desk, tenant)) } }
    },
  }),
  route({
    ...{ method: 'post', path: '/phone-login-address', ...write },
    summary: 'Open it, unless it is open',
    body: z.strictObject({ renew: RENEW.describe('Another one; who has the old one finds nothing there') }),
    answer: { status: 200, body: ADDRESS },
    current: ({ site, tenant }) => readLoginPath(site.desk, tenant),
    async handle({ site, tenant, body, actor }) {
      return { status: 200, body: { url: toUrl(site, await openLoginPath(site.desk, tenant, body.renew, actor)) } }
    },
  }),
  route({
    ...{ method: 'delete', path: '/phone-login-address', ...write },
    summary: 'Ask no phone for a password any more; those that have an address of their own keep it',
    answer: { status: 204 },
    current: ({ site, tenant }) => readLoginPath(site.desk, tenant),
    async handle({ site, tenant, actor }) {
      await closeLoginPath(site.desk, tenant, actor)
      return { status: 204 }
    },
  }),
]

function reveal({ phone, user, password }: PhonePassword) {
  return { phone, user, password: password.reveal() }
}

function toUrl({ phonesUrl }: Pick<ApiSite, 'phonesUrl'>, path: string | null): string | null {
  return path === null ? null : `${phonesUrl}/${path}/`
}
