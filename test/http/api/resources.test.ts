import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenApi, openApi } from './open-api.ts'

let api: OpenApi
let token: string
let wide: string

beforeAll(async () => {
  api = await openApi()
  token = await api.token(api.desk.acme.id, 'admin')
  wide = await api.token(null, 'admin')
})
afterAll(() => api.close())

const ask = (...words: [method: string, path: string, body?: unknown, headers?: Record<string, string>]) =>
  api.ask(token, ...words)
const items = async (path: string) => (await ask('GET', path)).body['items'] as Record<string, unknown>[]
const number = expect.any(Number) as number

test('organisations are made by a token of the installation, and every one is alone with what is its own', async () => {
  const made = await api.ask(wide, 'POST', '/tenants', { slug: 'nova', name: 'Nova' })
  expect([made.status, made.body]).toEqual([201, { id: number, slug: 'nova', name: 'Nova' }])
  expect((await api.ask(wide, 'POST', '/tenants', { slug: 'nova', name: 'Nova' })).status).toBe(409)
  expect((await api.ask(wide, 'POST', '/tenants', { slug: 'No', name: 'x' })).status).toBe(422)
  const slugs = (await api.ask(wide, 'GET', '/tenants')).body['items'] as { slug: string }[]
  expect(slugs.map(({ slug }) => slug)).toEqual(['acme', 'nova', 'zeta'])
  expect((await ask('GET', '/tenant')).body).toMatchObject({ slug: 'acme' })
  const nova = { 'X-Offhook-Tenant': 'nova' }
  await api.ask(wide, 'POST', '/users', { extension: '5001', first_name: 'Ona' }, nova)
  expect((await api.ask(wide, 'GET', '/users', undefined, nova)).body['items']).toMatchObject([{ extension: '5001' }])
  expect(await items('/users')).toEqual([])
})

test('rules and ranges of a tenant and its sites decide who gets which number', async () => {
  const set = await ask('PATCH', '/tenant/defaults', { extension_range: '5100-5199', country: 'DE', desk: null })
  expect(set.body).toMatchObject({ defaults: { extension_range: '5100-5199', country: 'DE' } })
  expect((await ask('PATCH', '/tenant/defaults', { country: 'Nowhere' })).status).toBe(422)
  const site = await ask('POST', '/locations', { name: 'Köln', defaults: { extension_range: '5200-5299' } })
  expect(site.body).toEqual({
    id: number,
    name: 'Köln',
    defaults: { extension_range: '5200-5299' },
    people: 0,
    phones: 0,
  })
  const first = await ask('POST', '/users', { first_name: 'Pia', email: 'pia@example.org' })
  const second = await ask('POST', '/users', { first_name: 'Quin', email: 'quin@example.org', location: 'Köln' })
  expect([first, second].map(({ body }) => (body['user'] as { extension: string }).extension)).toEqual(['5100', '5200'])
  const path = `/locations/${String(site.body['id'])}`
  expect((await ask('DELETE', path)).body).toMatchObject({ status: 409, code: 'in-use' })
  expect((await ask('PATCH', path, { name: 'Cologne' })).body).toMatchObject({ name: 'Cologne', people: 1 })
  expect((await ask('GET', '/tenant/defaults?location=Cologne')).body['effective']).toContainEqual({
    ...{ name: 'extension_range', value: '5200-5299', from: 'location' },
  })
})

test('roles, groups and carriers are made, changed and removed', async () => {
  const role = await ask('POST', '/roles', { name: 'agent', authentication: 'email' })
  expect(role.body).toEqual({ id: number, name: 'agent', is_admin: false, authentication: 'email' })
  const path = `/roles/${String(role.body['id'])}`
  expect((await ask('PATCH', path, { name: 'operator', is_admin: true })).body).toMatchObject({ name: 'operator' })
  expect((await ask('DELETE', path)).status).toBe(204)

  const group = await ask('POST', '/groups', { name: 'Sales', number: '5900', ring_seconds: 20 })
  expect(group.body).toMatchObject({ name: 'Sales', number: '5900', ring_seconds: 20, members: [] })
  const member = await ask('POST', '/users', { extension: '5101', first_name: 'Rob', groups: ['Sales'] })
  expect(member.body['user']).toMatchObject({ groups: ['Sales'] })
  const at = `/groups/${String(group.body['id'])}`
  const ranked = await ask('POST', `${at}/ranks`, { extension: '5101', penalty: 3 })
  expect(ranked.body['members']).toMatchObject([{ extension: '5101', penalty: 3 }])
  expect((await ask('PATCH', at, { number: null })).body).toMatchObject({ number: null, name: 'Sales' })
  expect((await ask('DELETE', at)).status).toBe(204)
  expect(await items('/groups')).toEqual([])

  expect((await ask('POST', '/trunks', { name: 'carrier', match: '192.0.2.0/24' })).status).toBe(201)
  expect(await items('/trunks')).toMatchObject([{ name: 'carrier', match: '192.0.2.0/24' }])
  const count = async () =>
    (await api.database.query(`select from asterisk.ps_endpoints where id = 'trunk.carrier-acme'`)).rowCount
  expect(await count()).toBe(1)
  expect((await ask('DELETE', '/trunks/carrier')).status).toBe(204)
  expect([await count(), await items('/trunks')]).toEqual([0, []])
})

test('phones are added, shared, swapped, released, rotated and removed', async () => {
  const { body } = await ask('POST', '/users', { extension: '5301', first_name: 'Sue' })
  const { id: user } = body['user'] as { id: number }
  const stock = await ask('POST', '/devices', { mac: '00-15-65-AB-CD-10', model: 'T46U' })
  expect([stock.status, stock.body]).toMatchObject([201, { mac: '001565abcd10', user: null, lines: [] }])
  expect((await ask('POST', '/devices/001565abcd10/assign', { user })).body).toMatchObject({
    ...{ user, lines: [{ line: 1, extension: '5301', user }] },
  })
  expect((await ask('POST', '/devices', { mac: '001565abcd11', model: 'T46U', user })).status).toBe(201)
  const phones = await items('/devices?q=001565')
  expect(phones.map(({ mac }) => mac)).toEqual(['001565abcd10', '001565abcd11'])
  expect(JSON.stringify(phones)).not.toMatch(/token|password|secret/)
  const swapped = await ask('POST', '/devices/001565abcd11/swap', { by: '001565abcd12' })
  expect(swapped.body).toMatchObject({ mac: '001565abcd12', user })
  expect((await ask('GET', '/devices/001565abcd11')).status).toBe(404)

  const addressOf = async () =>
    (
      await api.database.query(
        `select encode(token_sha256, 'hex') as t from offhook.devices where mac = '001565abcd12'`,
      )
    ).rows[0] as { t: string }
  const before = await addressOf()
  expect((await ask('POST', '/devices/00:15:65:ab:cd:12/rotate')).status).toBe(200)
  expect((await ask('POST', '/devices/00:15:65:ab:cd:12/rotate?passwords=true')).status).toBe(200)
  expect(await addressOf()).not.toEqual(before)
  const released = await ask('POST', '/devices/001565abcd12/release', { minutes: 30 })
  expect((await ask('GET', '/devices/001565abcd12')).body['released_until']).toBe(released.body['closes_at'])
  expect((await ask('GET', '/devices/001565abcd10')).body['released_until']).toBeNull()
  expect((await ask('POST', '/devices/001565abcd12/resync')).body).toMatchObject({ code: 'input-invalid' })
  expect((await ask('DELETE', '/devices/001565abcd12?keep=true')).status).toBe(204)
  expect((await ask('GET', '/devices/001565abcd12')).body).toMatchObject({ user: null, lines: [] })
  expect((await ask('DELETE', '/devices/001565abcd12')).status).toBe(204)
  expect((await items('/devices')).map(({ mac }) => mac)).toEqual(['001565abcd10'])
})

test('a phone that is plugged in is claimed and may come', async () => {
  const { body } = await ask('POST', '/users', { extension: '5302', first_name: 'Tom' })
  const { id: user } = body['user'] as { id: number }
  expect((await ask('POST', '/devices/claim', { mac: '001565abcd20', user })).body).toMatchObject({
    ...{ code: 'input-invalid', detail: expect.stringContaining('--model') as string },
  })
  const claimed = await ask('POST', '/devices/claim', { mac: '00:15:65:ab:cd:20', user, model: 't46u', minutes: 5 })
  expect([claimed.status, claimed.body]).toMatchObject([201, { mac: '001565abcd20', model: 'T46U', user }])
  expect(Date.parse(String(claimed.body['released_until'])) - Date.now()).toBeGreaterThan(4 * 60_000)
  expect((await ask('DELETE', '/devices/001565abcd20')).status).toBe(204)
})

test('whose a phone is to be is said by id or by extension', async () => {
  const { body } = await ask('POST', '/users', { extension: '5303', first_name: 'Una', external_id: '5304' })
  const { id: user } = body['user'] as { id: number }
  await ask('POST', '/users', { extension: '5304', first_name: 'Vic' })
  const phone = { mac: '001565abcd21', model: 'T46U' }
  expect((await ask('POST', '/devices/claim', { ...phone, extension: '5303' })).body).toMatchObject({ user })
  expect((await ask('POST', '/devices/001565abcd21/assign', { extension: '5304' })).body).toMatchObject({
    lines: [{ extension: '5303' }, { extension: '5304' }],
  })
  expect((await ask('POST', '/devices', { mac: '001565abcd22', model: 'T46U', extension: '5303' })).body).toMatchObject(
    {
      user,
    },
  )
  const refused = async (said: object) => (await ask('POST', '/devices/claim', { ...phone, ...said })).body
  expect(await refused({})).toMatchObject({
    code: 'input-invalid',
    detail: expect.stringContaining('extension') as string,
  })
  expect(await refused({ user, extension: '5303' })).toMatchObject({ code: 'input-invalid' })
  expect(await refused({ extension: '5399' })).toMatchObject({ code: 'user-unknown' })
  for (const mac of ['001565abcd21', '001565abcd22']) expect((await ask('DELETE', `/devices/${mac}`)).status).toBe(204)
})

test('mails are listed and sent again', async () => {
  expect(await items('/mails?state=failed')).toEqual([])
  expect((await ask('POST', '/mails/resend', { failed: true })).body).toEqual({ mails: 0 })
  expect((await ask('POST', '/mails/resend', { failed: true, import: 1 })).status).toBe(422)
})

test('everything that was written stands in the history, by the token that did it', async () => {
  const written = (await items('/audit?limit=200')).map(({ action, actor }) => `${String(actor)} ${String(action)}`)
  const actions = ['import', 'role-add', 'role-set', 'role-remove', 'group-add', 'group-set', 'group-rank', 'trunk-add']
  actions.push(
    'group-remove',
    'trunk-remove',
    'phone-add',
    'phone-assign',
    'phone-swap',
    'phone-remove',
    'release',
    'rotate',
  )
  actions.push('location-add', 'location-set', 'tenant-set', 'resend mails')
  for (const action of actions) expect(written).toContain(`token:t1 ${action}`)
  const { body } = await api.ask(wide, 'GET', '/audit?action=token-create')
  expect(body['items']).toMatchObject([{ actor: 'test', object: 'token t2' }])
})
