import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { MulticastPhone } from '../../src/boot/open-boot.ts'
import type { Mac } from '../../src/model/mac.ts'
import { createClaimCode, endClaimCodes } from '../../src/people/claims/claim-codes.ts'
import { openSite, type Site } from './open-site.ts'

const ADA = '001565abcd01' as Mac
const EVE = '000413abcd02' as Mac
const OTHER = 'c074ad112233' as Mac
const NOBODY = '001565abcd99' as Mac
const CSV = `extension,first_name,mac,model\n1001,Ada,${ADA},T46U\n1002,Eve,${EVE},D785\n`

let site: Site
beforeAll(async () => {
  site = await openSite(() => Promise.resolve({ openClaim: () => Promise.resolve(null) }))
  expect((await site.importPeople(CSV)).problems).toEqual([])
})
afterAll(() => site.close())

const tell = (mac: Mac, more: Partial<MulticastPhone> = {}) =>
  site.boot.addressByMulticast({ mac, source: '192.0.2.7', words: '', ...more })

test('by MAC address alone a phone is told an address without a token, in its form, and only inside a release', async () => {
  expect([ADA, EVE, NOBODY].map((mac) => tell(mac))).toEqual([null, null, null])
  await site.release(site.desk.acme, null)
  await vi.waitFor(() => expect(tell(ADA)).toBe('http://phones.example.org:8081/'))
  expect(tell(EVE)).toBe('http://phones.example.org:8081/{mac}.xml')
  expect(tell(NOBODY)).toBeNull()
  site.advance(11 * 60_000)
  expect(tell(ADA)).toBeNull()
})

test('where phones can be claimed by dialling, everybody is told, known or not, in the form of the make that they say or whose prefix they have', async () => {
  const { desk, database } = site
  await database.query('delete from offhook.release_windows')
  const wanted = { installer: 'Ida', minutes: 60, phones: 5, networks: ['192.0.2.0/24'] }
  const { id } = await createClaimCode(desk, desk.pool, desk.acme, wanted, 'test')
  await vi.waitFor(() => expect(tell(NOBODY)).toBe('http://phones.example.org:8081/'))
  expect(tell(ADA), 'of the inventory, and not released').toBe(tell(NOBODY))
  expect(tell(EVE, { words: 'OEM OEM 10.1.33.33' }), 'by its prefix').toBe('http://phones.example.org:8081/{mac}.xml')
  expect(tell(EVE, { words: 'Yealink SIP-T46U 108.86.0.20' }), 'by its word').toBe('http://phones.example.org:8081/')
  expect(tell('02abcdef0001' as Mac), 'of no make that is known').toBeNull()
  expect(tell(NOBODY, { source: '198.51.100.7' }), 'from elsewhere').toBeNull()
  await endClaimCodes(desk, desk.acme, id, 'test')
  await vi.waitFor(() => expect(tell(NOBODY)).toBeNull())
})

test('who asked by multicast is in the story of their phone, or waits, told or not', async () => {
  site.boot.noteMulticast({ mac: NOBODY, source: '192.0.2.7', words: 'Yealink T46U 108.86.0.20' }, 'not-released')
  site.boot.noteMulticast({ mac: OTHER, source: '192.0.2.7', words: 'Grandstream GRP2614 1.0.11.6' }, 'told')
  site.boot.noteMulticast({ mac: ADA, source: '192.0.2.8', words: 'Yealink\x1b T46U' }, 'not-released')
  site.boot.noteMulticast({ mac: ADA, source: '192.0.2.8', words: 'Yealink\x1b T46U' }, 'told')
  const read = async (table: string, columns: string) =>
    (await site.database.query(`select ${columns} from offhook.${table} order by id`)).rows as unknown[]
  await vi.waitFor(
    async () =>
      expect(
        await read('waiting_phones', 'mac, address, transport, user_agent, family, model, firmware, outcome, contacts'),
      ).toEqual([
        {
          ...{ mac: NOBODY, address: '192.0.2.7', transport: 'pnp', user_agent: 'Yealink T46U 108.86.0.20' },
          ...{ family: 'yealink', model: 'T46U', firmware: '108.86.0.20', outcome: 'not-released', contacts: 1 },
        },
        {
          ...{ mac: OTHER, address: '192.0.2.7', transport: 'pnp', user_agent: 'Grandstream GRP2614 1.0.11.6' },
          ...{ family: 'grandstream', model: 'GRP2614', firmware: '1.0.11.6', outcome: 'told', contacts: 1 },
        },
      ]),
    { timeout: 5000 },
  )
  expect(await read('device_contacts', 'address, transport, user_agent, outcome')).toEqual([
    { address: '192.0.2.8', transport: 'pnp', user_agent: 'Yealink? T46U', outcome: 'not-released' },
    { address: '192.0.2.8', transport: 'pnp', user_agent: 'Yealink? T46U', outcome: 'told' },
  ])
})
