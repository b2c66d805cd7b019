import { afterAll, beforeAll, expect, test } from 'vitest'
import { drainRedirects } from '../../../src/jobs/drain-redirects.ts'
import { openAddresses } from '../../../src/jobs/open-addresses.ts'
import { openConnectors, openWire } from '../../../src/jobs/open-connectors.ts'
import { Secret } from '../../../src/model/secret.ts'
import { CLOUD_NAMES } from '../../../src/redirect/clouds.ts'
import { openFakeYmcs } from '../../redirect/fakes/yealink-ymcs.ts'
import { OPEN } from '../../redirect/open-connector.ts'
import { type OpenApi, openApi } from './open-api.ts'

let api: OpenApi
let token: string
let fake: Awaited<ReturnType<typeof openFakeYmcs>>

beforeAll(async () => {
  ;[api, fake] = await Promise.all([openApi(), openFakeYmcs()])
  token = await api.token(api.desk.acme.id, 'admin')
})
afterAll(async () => {
  await fake.close()
  await api.close()
})

const ask = (...words: [method: string, path: string, body?: unknown]) => api.ask(token, ...words)

function drain(id: number) {
  const connect = openConnectors(api.desk.vault, openWire(openAddresses(['127.0.0.0/8']), { pausesMs: [], paceMs: 0 }))
  const addresses = { encrypted: true, of: () => new Secret('https://phones.example.org/') }
  return drainRedirects({ pool: api.owner, vault: api.desk.vault, addresses, connect }, id, OPEN)
}

test('what an account at each service is made of can be asked', async () => {
  const { status, body } = await ask('GET', '/redirects/services')
  const items = body['items'] as { service: string; secrets: string[] }[]
  expect([status, items.map((one) => one.service)]).toEqual([200, CLOUD_NAMES])
  expect(items[0]).toMatchObject({
    secrets: ['access-key-id', 'access-key-secret'],
    regions: ['us', 'eu', 'au'],
    token: true,
  })
})

test('an account is made, phones are sent with their serial numbers, looked at, and it goes with its phones', async () => {
  await ask('POST', '/devices', { mac: fake.phone(1).mac, model: 'T46U' })
  const draft = { service: 'yealink-ymcs', login: fake.login, options: fake.options }
  const made = await ask('POST', '/redirects', draft)
  expect([made.status, made.body]).toMatchObject([
    201,
    { unregistered: 1, account: { service: 'yealink-ymcs', maker: 'yealink', username: 'ak-5f2c', address: 'base' } },
  ])
  expect(made.text).not.toContain(fake.login['access-key-secret'])
  const { id } = made.body['account'] as { id: number }
  const serials = [{ mac: fake.phone(1).mac.toUpperCase(), serial: fake.phone(1).serial }]
  expect((await ask('POST', `/redirects/${id}/send`, { serials })).body).toEqual({ phones: 1 })
  await drain(id)
  const phones = await ask('GET', `/redirects/${id}/phones?state=confirmed`)
  expect(phones.body['items']).toMatchObject([{ mac: fake.phone(1).mac, state: 'confirmed', altered_at: null }])
  const story = await ask('GET', `/devices/${fake.phone(1).mac}/story`)
  expect(story.body['redirect']).toEqual({
    service: 'yealink-ymcs',
    state: 'confirmed',
    reason: null,
    altered_to: null,
  })
  fake.alter(fake.phone(1).mac, 'https://evil.example.org/')
  expect((await ask('POST', `/redirects/${id}/check`)).body).toEqual({ phones: 1 })
  await drain(id)
  expect((await ask('GET', '/redirects')).body['items']).toMatchObject([{ id, altered: 1, devices: { confirmed: 1 } }])
  const off = await ask('PATCH', `/redirects/${id}`, { enabled: false, options: { 'mac-only': 'yes' } })
  expect(off.body).toMatchObject({ enabled: false, options: { 'mac-only': 'yes', url: fake.options['url'] } })
  expect((await ask('DELETE', `/redirects/${id}`)).body).toEqual({ phones: 1 })
  expect((await ask('GET', '/redirects')).body['items']).toMatchObject([{ leaving: true }])
  await drain(id)
  expect(fake.held(fake.phone(1).mac)).toBeUndefined()
  expect((await ask('GET', '/redirects')).body['items']).toEqual([])
})

test('pages of phones follow each other', async () => {
  const draft = { service: 'yealink-ymcs', login: fake.login, options: fake.options }
  const { id } = (await ask('POST', '/redirects', draft)).body['account'] as { id: number }
  for (const n of [2, 3, 4]) await ask('POST', '/devices', { mac: fake.phone(n).mac, model: 'T46U' })
  const first = await ask('GET', `/redirects/${id}/phones?limit=2`)
  const second = await ask('GET', `/redirects/${id}/phones?limit=2&cursor=${String(first.body['next_cursor'])}`)
  const macs = [first, second].flatMap(({ body }) => (body['items'] as { mac: string }[]).map(({ mac }) => mac))
  expect(macs).toEqual([2, 3, 4].map((n) => fake.phone(n).mac))
  expect(second.body['next_cursor']).toBeNull()
})

test('what is wrong with an account is refused with words, never with a value', async () => {
  const refused = await ask('POST', '/redirects', {
    service: 'snom-sraps',
    login: { 'key-id': 'a', 'key-sekret': '31415' },
  })
  expect([refused.status, refused.body]).toMatchObject([
    422,
    { code: 'input-invalid', detail: expect.stringContaining('key-secret') as string },
  ])
  expect(refused.text).not.toContain('31415')
  const inside = {
    service: 'snom-sraps',
    login: { 'key-id': 'a', 'key-secret': 'b' },
    options: { url: 'http://10.0.0.1/' },
  }
  expect((await ask('POST', '/redirects', inside)).status).toBe(422)
  expect((await ask('POST', '/redirects', { ...inside, service: 'nowhere' })).status).toBe(422)
  expect((await ask('GET', '/redirects/999999/phones')).status).toBe(404)
})
