import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startPhonesListener } from '../../../src/http/phones-listener.ts'
import type { RunningListener } from '../../../src/http/listening.ts'
import { openSite, type Site } from '../../boot/open-site.ts'
import { findFreePorts } from '../../support/asterisk/ports.ts'
import { startAsterisk, type RunningAsterisk } from '../../support/asterisk/start-asterisk.ts'
import { SipPhone } from '../../support/sip/phone.ts'
import { familyOf } from '../shipped.ts'
import type { Account, Booted, BootingPhone, Fetch } from './phone.ts'

/**
 * Proves of each phone that with nothing but an address from DHCP and an open window it finds its files over HTTP,
 * registers every account in them to a real Asterisk, and finds its files again after the window has closed.
 */
export function itBootsAndRegisters(phones: readonly BootingPhone[]): void {
  let site: Site
  let asterisk: RunningAsterisk
  let http: RunningListener
  const numbers = new Map<BootingPhone, string[]>()

  beforeAll(async () => {
    const port = await findFreePorts(1)
    site = await openSite(async ({ database, desk }) => {
      const { realm } = desk.installation
      asterisk = await startAsterisk({ database: database.asterisk, realm, tenants: ['acme'] })
      return { phonesUrl: `http://127.0.0.1:${port}`, sipHost: `127.0.0.1:${asterisk.sipPort}` }
    })
    const common = { address: '127.0.0.1', port, answer: site.boot.answer, log: site.log }
    http = await startPhonesListener({ ...common, writeAccess: () => undefined })
    expect((await site.importPeople(listPeople(phones, numbers))).problems).toEqual([])
  })
  afterAll(async () => {
    await http.close()
    await asterisk.stop()
    await site.close()
  })

  it.each(phones.map((phone) => [phone.family, phone.model, phone] as const))(
    'a %s %s comes from its box to dial tone, and comes back',
    async (_, __, phone) => {
      const fetch = fetchAs(phone)
      const folder = `http://127.0.0.1:${http.port}/`
      const name = phone.mac ?? `u${numbers.get(phone)![0]}/${phone.family}`
      const id = await site.idOf(name)
      await expect(phone.boot(folder, fetch)).rejects.toThrow('is not there')
      await site.release(site.desk.acme, id)
      const start = phone.mac === null ? `${folder}${await site.tokenOf(name)}/` : folder
      const first = await boots(phone, start, fetch)
      const endpoints = numbers.get(phone)!.map((number) => `${number}-acme`)
      expect(first.accounts.map(({ user }) => user).sort()).toEqual(endpoints)
      for (const account of first.accounts) await register(site, account, phone)
      await site.database.query(`delete from offhook.release_windows where device_id = $1`, [id])
      if (first.home !== null) expect((await phone.boot(first.home, fetch)).accounts).toEqual(first.accounts)
    },
    60_000,
  )
}

/** Boots once the server has heard of the window. */
function boots(phone: BootingPhone, from: string, fetch: Fetch): Promise<Booted> {
  return vi.waitFor(() => phone.boot(from, fetch), { timeout: 5_000 })
}

function listPeople(phones: readonly BootingPhone[], numbers: Map<BootingPhone, string[]>): string {
  const rows = phones.flatMap((phone, index) => {
    const count = phone.accounts ?? 1
    const own = Array.from({ length: count }, (_, line) => String(2000 + index * 10 + line))
    numbers.set(phone, own)
    return own.map(
      (number, line) =>
        `${number},"Jo ""${number}"" & <Söhne>",u${number},${phone.mac ?? ''},${phone.model},${line + 1}`,
    )
  })
  return `extension,last_name,username,mac,model,line\n${rows.join('\n')}\n`
}

function fetchAs({ userAgent }: BootingPhone): Fetch {
  return async (url) => {
    const response = await fetch(url, { headers: { 'user-agent': userAgent, connection: 'close' } })
    const bytes = Buffer.from(await response.arrayBuffer())
    if (response.status === 200) return bytes
    expect([response.status, bytes.length]).toEqual([404, 0])
    return null
  }
}

/** Registers and sees the contact while the connection that brought it lasts. */
async function register(site: Site, { authUser, ...account }: Account, phone: BootingPhone): Promise<void> {
  expect(authUser).toBe(account.user)
  const algorithm = familyOf(phone.family).sha256 ? undefined : 'MD5'
  const sip = await SipPhone.open({ ...account, ...(algorithm && { algorithm }) })
  try {
    await sip.register()
    const contacts = `select distinct endpoint from asterisk.ps_contacts where endpoint = $1`
    expect((await site.database.query(contacts, [account.user])).rows).toEqual([{ endpoint: account.user }])
  } finally {
    await sip.close()
  }
}
