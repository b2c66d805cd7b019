import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOffice, type Office } from './office.ts'
import { Network, type Booted, type Phone } from './phone.ts'
import { PHONES } from './phones.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice(PHONES.map(({ phone }) => phone))
}, 60_000)
afterAll(() => office.close())

const addressOf = (path: string) => `http://127.0.0.1:${office.http.port}/${path}`

async function boot(phone: Phone, base: string): Promise<Booted & { asked: string[] }> {
  const network = new Network(base, phone.userAgent)
  return { ...(await phone.boot(network)), asked: network.asked }
}

describe.each(PHONES.map((row, at) => ({ ...row, name: row.phone.model, extension: 1001 + at })))(
  '$phone.family: $name',
  ({ phone, extension, asks }) => {
    const id = () => phone.mac ?? `u${extension}/${phone.model.toLowerCase()}`

    test('gets nothing of its own before it is released', async () => {
      if (phone.mac === null) return expect(boot(phone, addressOf(''))).rejects.toThrow('missing')
      await expect(boot(phone, addressOf(''))).rejects.toThrow(/missing|account/)
    })

    test('boots in its own order and registers with what it found', async () => {
      const { site } = office
      if (phone.mac !== null) {
        await site.release(site.desk.acme, await site.idOf(phone.mac))
        await site.boot.reload()
      }
      const token = await site.tokenOf(id())
      const first = await boot(phone, addressOf(phone.mac === null ? `${token}/` : ''))
      expect(first.asked).toEqual(asks)
      expect(first.account).toMatchObject({ host: '127.0.0.1', port: office.asterisk.sipPort })
      expect(await office.register(first.account)).toMatchObject([{ endpoint: `${extension}-acme` }])
      if (first.next === null) return
      expect(first.next).toBe(addressOf(`${token}/`))
      const second = await boot(phone, first.next)
      expect(second).toEqual(first)
    })
  },
)
