import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BootingPhone, Fetch } from '../phones/bases/phone.ts'
import { KINDS } from '../phones/fleet/kinds.ts'
import { familyOf } from '../phones/shipped.ts'
import { SipPhone } from '../support/sip/phone.ts'
import { type ClaimSite, openClaims, until } from './open-claims.ts'

/** One of every maker whose way of booting and reading is known. */
const PHONES = KINDS.filter(({ prefix }) => prefix !== '').map(({ prefix, make }, at) => ({
  phone: make(`${prefix}${at.toString(16).padStart(12 - prefix.length, '0')}`),
  extension: String(2000 + at),
}))

let site: ClaimSite
let code: string

beforeAll(async () => {
  const rows = PHONES.map(({ extension }) => `${extension},${extension}`)
  site = await openClaims(`extension,last_name\n${rows.join('\n')}\n`)
  site.startWorker()
  code = await site.makeCode()
}, 60_000)
afterAll(() => site.close())

const fetchAs =
  ({ userAgent }: BootingPhone): Fetch =>
  async (url) => {
    const response = await fetch(url, { headers: { 'user-agent': userAgent, connection: 'close' } })
    const bytes = Buffer.from(await response.arrayBuffer())
    return response.status === 200 ? bytes : null
  }

/** The accounts that it reads; those of a phone that is described without its reader are none. */
async function boot(phone: BootingPhone) {
  return (await phone.boot(site.folder, fetchAs(phone))).accounts
}

async function register(phone: BootingPhone, account: Awaited<ReturnType<typeof boot>>[number]): Promise<void> {
  const { host, port, user, password, transport = 'udp' } = account
  const algorithm = familyOf(phone.family).sha256 ? {} : { algorithm: 'MD5' as const }
  const sip = await SipPhone.open({ host, port, user, password, transport, ...algorithm })
  await sip.register()
  expect(sip.registration.registered).toBe(true)
  await sip.close()
}

test.each(PHONES.map((each) => [each.phone.family, each.phone.model, each] as const))(
  'a %s %s out of its box registers to be claimed, and then as whoever claimed it',
  async (_, __, { phone, extension }) => {
    const [offered] = await boot(phone)
    if (offered) {
      expect(offered.user).toMatch(/^claim[.]/)
      await register(phone, offered)
    }
    const [row] = await site.query('select account, model from offhook.claim_phones where mac = $1', [phone.mac])
    expect(offered?.user ?? row!['account']).toBe(row!['account'])
    const dialled = await site.query('select offhook.claim_by_dial($1, $2, $3) as yes', [
      ...[row!['account'], code, extension],
    ])
    expect(dialled).toEqual([{ yes: true }])
    await until('it to be theirs', async () => {
      const rows = await site.query('select bound_at, note from offhook.claim_phones where mac = $1', [phone.mac])
      expect(rows[0]!['note']).toBeNull()
      return rows[0]!['bound_at'] !== null
    })
    if (!offered) return
    await until('its own file', async () => (await boot(phone).catch(() => []))[0]?.user === `${extension}-acme`)
    const [own] = await boot(phone)
    await register(phone, own!)
  },
  30_000,
)
