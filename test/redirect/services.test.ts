import { afterEach, expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { hashFanvilPassword } from '../../src/redirect/fanvil-fdps.ts'
import { hashGdmsPassword, signGdms } from '../../src/redirect/gdms-account.ts'
import type { FakeCloud } from './fakes/fake-cloud.ts'
import { openFakeFanvil } from './fakes/fanvil.ts'
import { openFakeGdms, signatureOfGuide } from './fakes/gdms.ts'
import { openFakeGigaset } from './fakes/gigaset.ts'
import { openFakePoly } from './fakes/poly.ts'
import { openFakeRps } from './fakes/yealink-rps.ts'
import { openFakeYmcs } from './fakes/yealink-ymcs.ts'
import { HERE, OPEN, openConnector } from './open-connector.ts'

const open: FakeCloud[] = []
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close()
})
async function start<F extends FakeCloud>(opening: Promise<F>): Promise<F> {
  const fake = await opening
  open.push(fake)
  return fake
}
const place = (fake: FakeCloud, n: number, serial?: string | null, address = HERE) => ({
  ...fake.phone(n),
  ...(serial !== undefined && { serial }),
  address,
})

test('YMCS: a hundred phones are one call with one token, and a token that has run out or was revoked is taken anew', async () => {
  const fake = await start(openFakeYmcs())
  const connector = openConnector('yealink-ymcs', fake)
  const phones = Array.from({ length: 100 }, (_, at) => place(fake, at + 1))
  await connector.register(phones, OPEN)
  expect(fake.calls).toEqual(['POST /v2/token', 'POST /v2/rps/addDevices'])
  fake.revoke()
  expect((await connector.find([place(fake, 1)], OPEN)).get(fake.phone(1).mac)?.state).toBe('ours')
  expect(fake.tokens).toBe(2)
  const brief = await start(openFakeYmcs({ lastsS: 1 }))
  const hasty = openConnector('yealink-ymcs', brief)
  for (const n of [1, 2]) await hasty.register([place(brief, n)], OPEN)
  expect(brief.tokens).toBe(2)
})

test('YMCS: more than a hundred in one call would be refused', async () => {
  const fake = await start(openFakeYmcs())
  const phones = Array.from({ length: 101 }, (_, at) => place(fake, at + 1))
  await expect(openConnector('yealink-ymcs', fake).register(phones, OPEN)).rejects.toMatchObject({ kind: 'unreadable' })
  expect(fake.faults).toEqual(['more than 100'])
})

test('YMCS: without a serial number a phone is refused unless Yealink lets the account do so', async () => {
  const fake = await start(openFakeYmcs())
  const wanting = await openConnector('yealink-ymcs', fake).register([place(fake, 1, null), place(fake, 2)], OPEN)
  expect(wanting.get(fake.phone(1).mac)).toMatchObject({ code: 'serial-missing', field: 'serial' })
  expect(wanting.get(fake.phone(2).mac)).toBeNull()
  const claimed = { ...fake, options: { ...fake.options, 'mac-only': 'yes' } }
  const forbidden = await openConnector('yealink-ymcs', claimed).register([place(fake, 3, null), place(fake, 4)], OPEN)
  expect(forbidden.get(fake.phone(3).mac)).toMatchObject({ code: 'serial-missing' })
  expect(forbidden.get(fake.phone(4).mac)).toBeNull()
  const granted = await start(openFakeYmcs({ macOnly: true }))
  const outcomes = await openConnector('yealink-ymcs', granted).register([place(granted, 1, null)], OPEN)
  expect([...outcomes.values()]).toEqual([null])
  const wrong = await openConnector('yealink-ymcs', fake).register([place(fake, 9, 'SN1')], OPEN)
  expect(wrong.get(fake.phone(9).mac)).toMatchObject({ code: 'serial-refused', field: 'serial' })
})

test('RPS: a phone of another account is never overridden, and the entry of the server is made once', async () => {
  const fake = await start(openFakeRps())
  const connector = openConnector('yealink-rps', fake)
  await connector.register([{ ...fake.foreign, address: HERE }, place(fake, 1), place(fake, 2)], OPEN)
  expect(fake.stolen).toEqual([])
  expect([...fake.servers]).toEqual([
    [expect.stringMatching(/^offhook-[0-9a-f]{12}$/) as string, 'https://phones.example.org/'],
  ])
  expect((await connector.find([{ ...fake.foreign, address: HERE }], OPEN)).get(fake.foreign.mac)).toEqual({
    state: 'elsewhere',
  })
  const late = await start(openFakeRps({ late: true }))
  const outcomes = await openConnector('yealink-rps', late).register([{ ...late.foreign, address: HERE }], OPEN)
  expect(outcomes.get(late.foreign.mac)).toMatchObject({ code: 'owned-elsewhere' })
  expect(late.stolen).toEqual([])
})

test('RPS: an address with characters that mean something in XML arrives whole', async () => {
  const fake = await start(openFakeRps())
  const odd = new Secret('https://phones.example.org/a&b<c>"d\'/%20/')
  await openConnector('yealink-rps', fake).register([place(fake, 1, undefined, odd)], OPEN)
  expect(fake.held(fake.phone(1).mac)).toBe(odd.reveal())
})

test('GDMS: signatures and passwords are as in its guide', () => {
  // Sums of known texts, made with sha256sum and md5sum.
  expect(hashGdmsPassword('admin')).toBe('465c194afb65670f38322df087f0a9bb225cc257e43eb4ac5a0c98ef5b3173ac')
  const parameters = { timestamp: '1622241631000', client_secret: 's', access_token: 't', client_id: '7' }
  for (const body of ['', '{"pageNum":1}'])
    expect(signGdms(parameters, body)).toBe(signatureOfGuide('t', '7', 's', '1622241631000', body))
  expect(signGdms(parameters, '')).toBe('da0f4e04c9cd06acefcfdc9ead67a98752d11abb01cdd3589a55d74df9978f29')
})

test('GDMS: a revoked token is taken anew, a phone in another site is left there, a serial number must fit', async () => {
  const fake = await start(openFakeGdms())
  const connector = openConnector('grandstream-gdms', fake)
  await connector.register([place(fake, 1)], OPEN)
  fake.revoke()
  await connector.register([place(fake, 2)], OPEN)
  expect([...fake.sites.values()]).toEqual([3345, 3345])
  fake.sites.set(fake.phone(3).mac, 9)
  const outcomes = await connector.register([place(fake, 3), place(fake, 4, 'WRONG'), place(fake, 5, null)], OPEN)
  expect([...outcomes.values()].map((fault) => fault?.code)).toEqual([
    'profile-unknown',
    'serial-refused',
    'serial-missing',
  ])
  expect([...(await connector.unregister([fake.phone(3)], OPEN)).values()]).toEqual([null])
  expect(fake.sites.get(fake.phone(3).mac)).toBe(9)
})

test('Poly: a profile is made for an address and found again; one that was named must be there and send phones here', async () => {
  const fake = await start(openFakePoly({ page: 1 }))
  await openConnector('poly-ztp', fake).register([place(fake, 1)], OPEN)
  await openConnector('poly-ztp', fake).register([place(fake, 2)], OPEN)
  expect(fake.profiles).toHaveLength(1)
  expect(fake.profiles[0]).toMatchObject({ name: expect.stringMatching(/^offhook-/) as string, enabled: true })
  const named = (profile: string) => openConnector('poly-ztp', { ...fake, options: { ...fake.options, profile } })
  const missing = await named('Nowhere').register([place(fake, 3)], OPEN)
  expect(missing.get(fake.phone(3).mac)).toMatchObject({ code: 'profile-unknown', field: 'profile' })
  const template = { provisioning: { server: { address: 'https://old.example.org/' } } }
  fake.profiles.push({ id: 'p-old', name: 'Old', enabled: true, template })
  const other = await named('Old').register([place(fake, 3)], OPEN)
  expect(other.get(fake.phone(3).mac)).toMatchObject({
    code: 'profile-unknown',
    cure: expect.stringContaining(HERE.reveal()) as string,
  })
  const mine = await named(fake.profiles[0]!.name).register([place(fake, 3)], OPEN)
  expect([...mine.values()]).toEqual([null])
})

test('Fanvil: the password is hashed twice, and one entry of a server holds all phones of an address', async () => {
  // The sum of the sum, made with md5sum.
  expect(hashFanvilPassword('admin')).toBe('c3284d0f94606de1fd2af172aba15bf3')
  const fake = await start(openFakeFanvil())
  const connector = openConnector('fanvil-fdps', fake)
  const address = new Secret('https://phones.example.org:8443/x/$mac.cfg')
  await connector.register([place(fake, 1, null, address), place(fake, 2, null, address)], OPEN)
  expect([...fake.servers.values()].map((settings) => Object.fromEntries(settings))).toEqual([
    {
      ...{ cfgName: expect.stringMatching(/^offhook-/) as string, cfgPfMode: '1', cfgDhcpOpt: 'false' },
      ...{ cfgPnpEnable: 'false', cfgPfSrv: 'phones.example.org:8443', cfgPfName: 'x/$mac.cfg', cfgPfProt: '5' },
    },
  ])
})

test('Gigaset: a phone is named by its MAC-ID, from the label or its four last characters', async () => {
  const fake = await start(openFakeGigaset())
  const connector = openConnector('gigaset-redirect', fake)
  const { mac, serial } = fake.phone(0xbeef)
  const label = `${mac.toUpperCase()}-${serial}`
  const phones = [
    { ...fake.phone(0xbeef), serial: label.toLowerCase(), address: HERE },
    place(fake, 1, null),
    place(fake, 2, 'not a code'),
    place(fake, 3, 'ZZZZ'),
  ]
  const outcomes = [...(await connector.register(phones, OPEN)).values()].map((fault) => fault?.code ?? null)
  expect(outcomes).toEqual([null, 'serial-missing', 'serial-refused', 'mac-refused'])
  const alone = await start(openFakeGigaset({ macOnly: true }))
  const bare = openConnector('gigaset-redirect', alone)
  expect([...(await bare.register([place(alone, 1, null)], OPEN)).values()]).toEqual([null])
  const unnamed = openConnector('gigaset-redirect', { ...fake, options: { ...fake.options, provider: 'Nobody' } })
  const refused = await unnamed.register([place(fake, 5)], OPEN)
  expect(refused.get(fake.phone(5).mac)).toMatchObject({ code: 'profile-unknown', field: 'profile' })
})
