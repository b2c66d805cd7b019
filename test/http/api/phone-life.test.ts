import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFamilies } from '../../../src/boot/load-families.ts'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { readPng, readQr } from '../../support/read-qr.ts'
import { importCsv } from '../../people/import-csv.ts'
import { type OpenApi, openApi } from './open-api.ts'

const PHONE = '001565000001'

let api: OpenApi
let acme: string
let zeta: string
let wide: string

beforeAll(async () => {
  api = await openApi({}, { families: await loadFamilies() })
  await importCsv(api.desk, api.desk.acme, `extension,username,mac,model\n1001,ada,${PHONE},T46U\n1002,ben,,Linphone\n`)
  acme = await api.token(api.desk.acme.id, 'phones:write', 'people:write', 'tenants:write')
  zeta = await api.token(api.desk.zeta.id, 'phones:write')
  wide = await api.token(null, 'phones:write')
})
afterAll(() => api.close())

const items = async (token: string, path: string) =>
  (await api.ask(token, 'GET', path)).body['items'] as Record<string, unknown>[]

async function note(outcome: string): Promise<void> {
  await api.database.query(
    `insert into offhook.device_contacts (tenant_id, device_id, at, transport, address, file, user_agent, family, model,
       firmware, outcome) select tenant_id, id, now(), 'http', '192.0.2.7', $1 || '.cfg', '', 'yealink', 'T46G', '1.2', $2
     from offhook.devices where mac = $1`,
    [PHONE, outcome],
  )
}

async function wait(mac: string, address: string): Promise<void> {
  await api.database.query(
    `insert into offhook.waiting_phones (mac, address, first_at, last_at, contacts, transport, file, user_agent, outcome)
     values ($1, $2, now(), now(), 1, 'http', $1 || '.cfg', 'x', 'not-released')`,
    [mac, address],
  )
}

test('each setting of a phone is told with the layer that it comes from, and why it does not reach it', async () => {
  await api.ask(acme, 'PATCH', '/tenant/settings', { set: { timezone: 'Europe/Berlin', language: 'eo' } })
  const { status, body } = await api.ask(acme, 'GET', `/devices/${PHONE}/explain`)
  expect(status).toBe(200)
  const found = body['items'] as { name: string }[]
  expect(found.filter(({ name }) => ['timezone', 'language', 'adminPassword', 'serverHost'].includes(name))).toEqual([
    { name: 'timezone', value: 'Europe/Berlin', origin: 'tenant', stops: null },
    { name: 'language', value: 'eo', origin: 'tenant', stops: 'Yealink does not speak eo' },
    { name: 'serverHost', value: 'pbx.example.org', origin: 'defaults', stops: null },
    { name: 'adminPassword', value: '***', origin: 'device', stops: null },
  ])
  expect((await api.ask(zeta, 'GET', `/devices/${PHONE}/explain`)).body).toMatchObject({ code: 'device-unknown' })
  await api.ask(acme, 'DELETE', '/tenant/settings')
})

test('a phone’s story says why it does not work and what to do, in words and as members', async () => {
  await note('not-released')
  const { status, body } = await api.ask(acme, 'GET', `/devices/${PHONE}/story`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    ...{ name: PHONE, state: 'refused', accounts: [{ name: '1001-acme', line: 1, contacts: [] }] },
    contacts: [{ outcome: 'not-released', address: '192.0.2.7', file: `${PHONE}.cfg` }],
    cure: `offhook phone release ${PHONE}, then restart the phone within 15 minutes.`,
  })
  expect(body['verdict']).toBe(
    `${PHONE}: refused. ${String(body['cause'])}\nTo do: offhook phone release ${PHONE}, then restart the phone within 15 minutes.`,
  )
  await note('served')
  expect((await api.ask(acme, 'GET', `/devices/${PHONE}/story`)).body).toMatchObject({
    ...{ state: 'unregistered', mismatch: 'yealink T46G' },
  })
  expect((await api.ask(zeta, 'GET', `/devices/${PHONE}/story`)).body).toMatchObject({ code: 'device-unknown' })
})

test('who waits is for the installation, and for a tenant only where it lets phones be claimed', async () => {
  await wait('0015650000a1', '192.0.2.7')
  await wait('0015650000a2', '198.51.100.7')
  const macs = async (token: string) => (await items(token, '/waiting-phones')).map(({ mac }) => mac)
  expect(new Set(await macs(wide))).toEqual(new Set(['0015650000a1', '0015650000a2']))
  expect(await macs(acme)).toEqual([])
  const code = await api.ask(acme, 'POST', '/claim-codes', { networks: ['192.0.2.0/24'], installer: 'Ida' })
  expect(code).toMatchObject({ status: 201, body: { code: expect.stringMatching(/^\d{8}$/) as string, number: '*91' } })
  expect(await macs(acme)).toEqual(['0015650000a1'])
  const ids = new Map((await items(wide, '/waiting-phones')).map(({ mac, id }) => [mac, Number(id)]))
  expect((await api.ask(acme, 'DELETE', `/waiting-phones/${ids.get('0015650000a2')}`)).status).toBe(404)
  expect((await api.ask(zeta, 'DELETE', `/waiting-phones/${ids.get('0015650000a1')}`)).status).toBe(404)
  expect((await api.ask(acme, 'DELETE', `/waiting-phones/${ids.get('0015650000a1')}`)).status).toBe(204)
  expect((await api.ask(wide, 'DELETE', `/waiting-phones/${ids.get('0015650000a2')}`)).status).toBe(204)
  expect(await macs(wide)).toEqual([])
})

test('claim codes are told once, listed without themselves, and end at once', async () => {
  const made = await api.ask(acme, 'POST', '/claim-codes', { minutes: 30, phones: 2 })
  const { id, code } = made.body as { id: number; code: string }
  const listed = await api.ask(acme, 'GET', '/claim-codes')
  expect(listed.text).not.toContain(code)
  expect(listed.body['items']).toContainEqual(
    expect.objectContaining({ id, state: 'open', phones_left: 2, claimed: 0 }),
  )
  expect((await api.ask(zeta, 'DELETE', `/claim-codes/${id}`)).body).toMatchObject({ code: 'claim-code-unknown' })
  expect((await api.ask(acme, 'DELETE', `/claim-codes/${id}`)).status).toBe(204)
  expect((await api.ask(acme, 'DELETE', `/claim-codes/${id}`)).status).toBe(404)
  expect(await items(acme, '/claim-codes')).toContainEqual(expect.objectContaining({ id, state: 'revoked' }))
  expect(await items(acme, '/claim-phones')).toEqual([])
  for (const body of [{ networks: ['everywhere'] }, { minutes: 1441 }, { phones: 0 }, { installer: 'a\u0000b' }])
    expect((await api.ask(acme, 'POST', '/claim-codes', body)).status, JSON.stringify(body)).toBe(422)
})

test('who shares this with others says where its phones are', async () => {
  const make = (networks: string[]) => api.ask(zeta, 'POST', '/claim-codes', { networks })
  for (const networks of [[], ['0.0.0.0/0'], ['192.0.0.0/15'], ['192.0.2.0/24', '2000::/3']])
    expect(await make(networks), networks.join()).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('Other organisations') as string },
    })
  for (const networks of [['192.0.2.0/24', '2001:db8::/32'], ['198.51.100.7']])
    expect((await make(networks)).status, networks.join()).toBe(201)
})

test('releases are listed and closed, one by one and all together', async () => {
  await api.ask(acme, 'POST', `/devices/${PHONE}/release`, { minutes: 5 })
  await api.ask(acme, 'POST', '/devices/release', { minutes: 9 })
  expect(await items(acme, '/releases')).toMatchObject([{ device: null }, { device: PHONE }])
  expect((await api.ask(zeta, 'DELETE', '/releases')).body).toEqual({ closed: 0 })
  expect((await api.ask(acme, 'DELETE', `/devices/${PHONE}/release`)).body).toEqual({ closed: 1 })
  expect(await items(acme, '/releases')).toMatchObject([{ device: null }])
  expect((await api.ask(acme, 'DELETE', '/releases')).body).toEqual({ closed: 1 })
  expect(await items(acme, '/releases')).toEqual([])
})

test('a tenant allows TFTP and names its accounts at makers of apps', async () => {
  expect((await api.ask(acme, 'GET', '/phone-rules')).body).toEqual({ tftp: false, apps: {} })
  const change = (body: object) => api.ask(acme, 'PATCH', '/phone-rules', body)
  expect((await change({ tftp: true, apps: { acrobits: 'CLOUD*' } })).body).toEqual({
    ...{ tftp: true, apps: { acrobits: 'CLOUD*' } },
  })
  expect((await change({ apps: { zoiper: 'f00' } })).body).toEqual({
    ...{ tftp: true, apps: { acrobits: 'CLOUD*', zoiper: 'f00' } },
  })
  expect((await change({ tftp: false, apps: { acrobits: '' } })).body).toEqual({ tftp: false, apps: { zoiper: 'f00' } })
  for (const apps of [{ yealink: 'x' }, { zoiper: 'a b' }]) expect((await change({ apps })).status).toBe(422)
  const { rows } = await api.database.query('select tftp_configs, app_accounts from offhook.tenants order by slug')
  expect(rows).toEqual([
    { tftp_configs: false, app_accounts: { zoiper: 'f00' } },
    { tftp_configs: false, app_accounts: {} },
  ])
})

test('an app is set up by a link or a picture of one, another one each time, and a desk phone is not', async () => {
  const name = encodeURIComponent('ben/linphone')
  const link = await api.ask(acme, 'POST', `/devices/${name}/link`, { minutes: 5 })
  expect(link).toMatchObject({
    status: 201,
    body: { picture: expect.stringMatching(/^http:\/\/phones\.example\.org\/[\w-]{22}\/linphone\.xml$/) as string },
  })
  const ask = (type: string) =>
    fetch(`${api.origin}/api/v1/devices/${name}/qr.${type}`, {
      ...{ method: 'POST', headers: { Authorization: `Bearer ${acme}` } },
    })
  const png = await ask('png')
  expect([png.status, png.headers.get('content-type'), png.headers.get('cache-control')]).toEqual([
    ...[201, 'image/png', 'no-store'],
  ])
  const said = readQr(readPng(Buffer.from(await png.arrayBuffer())))
  expect(said).toMatch(/linphone\.xml$/)
  expect(said).not.toBe(link.body['picture'])
  const svg = await ask('svg')
  expect([svg.headers.get('content-type'), await svg.text()]).toEqual([
    ...['image/svg+xml', expect.stringContaining('<svg xmlns=') as string],
  ])
  const { rows } = await api.database.query('select count(*)::int as links from offhook.device_links')
  expect(rows).toEqual([{ links: 3 }])
  expect((await api.ask(acme, 'POST', `/devices/${PHONE}/link`, {})).body).toMatchObject({
    code: 'setting-unsupported',
  })
  expect((await api.ask(zeta, 'POST', `/devices/${name}/link`, {})).body).toMatchObject({ code: 'device-unknown' })
})

test('whoever listens hears of contacts as they happen, and of strangers only where they are its own', async () => {
  const response = await fetch(`${api.origin}/api/v1/devices/events`, { headers: { Authorization: `Bearer ${acme}` } })
  expect(response.headers.get('content-type')).toMatch('text/event-stream')
  const reader = response.body!.getReader()
  let heard = ''
  const until = async (text: string) => {
    while (!heard.includes(text)) heard += Buffer.from((await reader.read()).value).toString()
  }
  await until('phones are followed')
  await wait('0015650000b2', '198.51.100.7')
  await wait('0015650000b1', '192.0.2.7')
  await note('other-phone')
  await until('other-phone')
  await until('0015650000b1')
  expect(heard).toMatch(/^event: contact\ndata: \{.*"name":"001565000001".*"outcome":"other-phone"/m)
  expect(heard).not.toContain('0015650000b2')
  await reader.cancel()
})

test('problems are listed by cause, and one repair cures all rows that have it', async () => {
  const rows = [{ extension: '2001', model: 'T46V' }, { extension: '2002', model: 'T46V' }, { extension: '2003' }]
  const { body } = await api.ask(acme, 'POST', '/imports', {
    rows: rows.map((row, at) => ({ first_name: `P${at}`, mac: `0015650001${at}0`, ...row })),
  })
  expect(body['state']).toBe('planning')
  await workOnImport(api.owner, api.desk)
  const path = `/imports/${String(body['id'])}/repairs`
  const [repair] = await items(acme, path)
  expect(repair).toMatchObject({ field: 'model', rows: [1, 2] })
  const { field, code } = repair as { field: string; code: string }
  expect((await api.ask(acme, 'POST', path, { field, code, value: 'T46U' })).body).toEqual({ rows: 2 })
  await workOnImport(api.owner, api.desk)
  expect((await items(acme, path)).filter((each) => each['code'] === code)).toEqual([])
  expect((await api.ask(zeta, 'GET', path)).status).toBe(403)
})

test('a phone that waited and is added, or stands in for another, brings what it asked for into its story', async () => {
  const [added, stands] = ['0015650000b1', '0015650000b2']
  await wait(added, '203.0.113.9')
  await wait(stands, '203.0.113.9')
  const tell = async (mac: string) =>
    ((await api.ask(acme, 'GET', `/devices/${mac}/story`)).body['contacts'] as { outcome: string }[])[0]?.outcome
  expect((await api.ask(acme, 'POST', '/devices', { mac: added, model: 'T46U' })).status).toBe(201)
  expect(await tell(added)).toBe('unlisted')
  expect((await api.ask(acme, 'POST', `/devices/${added}/swap`, { by: stands })).status).toBe(200)
  expect(await tell(stands)).toBe('unlisted')
  expect((await items(wide, '/waiting-phones')).map(({ mac }) => mac)).not.toContain(stands)
})
