import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Mac } from '../../src/model/mac.ts'
import { openSite, type Site } from './open-site.ts'

const ADA = '001565abcd01' as Mac
const EVE = '000413abcd02' as Mac
const NOBODY = '001565abcd99' as Mac
const CSV = `extension,first_name,mac,model\n1001,Ada,${ADA},T46U\n1002,Eve,${EVE},D785\n`

let site: Site
beforeAll(async () => {
  site = await openSite()
  expect((await site.importPeople(CSV)).problems).toEqual([])
})
afterAll(() => site.close())

test('by MAC address alone a phone is told an address without a token, in its form, and only inside a release', async () => {
  expect([ADA, EVE, NOBODY].map((mac) => site.boot.addressByMac(mac))).toEqual([null, null, null])
  await site.release(site.desk.acme, null)
  await vi.waitFor(() => expect(site.boot.addressByMac(ADA)).toBe('http://phones.example.org:8081/'))
  expect(site.boot.addressByMac(EVE)).toBe('http://phones.example.org:8081/{mac}.xml')
  expect(site.boot.addressByMac(NOBODY)).toBeNull()
  site.advance(11 * 60_000)
  expect(site.boot.addressByMac(ADA)).toBeNull()
})

test('who asked by multicast in vain is in the story of their phone, or waits', async () => {
  site.boot.noteMulticast({ mac: NOBODY, source: '192.0.2.7', words: 'Yealink T46U 108.86.0.20' })
  site.boot.noteMulticast({ mac: ADA, source: '192.0.2.8', words: 'Yealink\x1b T46U' })
  const read = async (table: string, columns: string) =>
    (await site.database.query(`select ${columns} from offhook.${table}`)).rows as unknown[]
  await vi.waitFor(
    async () =>
      expect(await read('waiting_phones', 'mac, address, transport, user_agent, outcome, contacts')).toEqual([
        {
          ...{ mac: NOBODY, address: '192.0.2.7', transport: 'pnp', user_agent: 'Yealink T46U 108.86.0.20' },
          ...{ outcome: 'not-released', contacts: 1 },
        },
      ]),
    { timeout: 5000 },
  )
  expect(await read('device_contacts', 'address, transport, user_agent, outcome')).toEqual([
    { address: '192.0.2.8', transport: 'pnp', user_agent: 'Yealink? T46U', outcome: 'not-released' },
  ])
})
