import { afterAll, beforeAll, expect, test } from 'vitest'
import { families } from '../../boot/open-site.ts'
import { importCsv } from '../../people/import-csv.ts'
import { type OpenApi, openApi } from './open-api.ts'

const PHONE = '001565000001'
const CSV = `extension,username,mac,model,location\n1001,ada,${PHONE},T46U,Wien\n`

let api: OpenApi
let acme: string
let zeta: string
const ids: Record<string, unknown> = {}

beforeAll(async () => {
  api = await openApi({}, { families })
  acme = await api.token(api.desk.acme.id, 'phones:write', 'tenants:write')
  zeta = await api.token(api.desk.zeta.id, 'phones:write', 'tenants:write')
  ids['location'] = (await api.ask(acme, 'POST', '/locations', { name: 'Wien' })).body['id']
  ids['profile'] = (await api.ask(acme, 'POST', '/profiles', { name: 'Lobby' })).body['id']
  await importCsv(api.desk, api.desk.acme, CSV)
})
afterAll(() => api.close())

const places = () => ({
  tenants: '/tenant',
  locations: `/locations/${String(ids['location'])}`,
  profiles: `/profiles/${String(ids['profile'])}`,
  devices: `/devices/${PHONE}`,
})
const stored = async () => {
  const { rows } = await api.database.query(
    Object.keys(places())
      .map((table) => `select settings::text as s from offhook.${table}`)
      .join(' union all '),
  )
  return (rows as { s: string }[]).map(({ s }) => s).join('\n')
}

test('each layer is read, changed and cleared, and its secrets are stored sealed and shown to nobody', async () => {
  for (const [table, path] of Object.entries(places())) {
    const set = {
      ...{ timezone: 'Europe/Vienna', vlanId: null, codecs: ['pcma', 'pcmu'], 'keys.3.kind': 'blf' },
      ...{ 'keys.3.value': '1002', 'lines.1.transport': 'tls', userPassword: 'Hunter-2-page' },
      ...{ dot1xPassword: 'Hunter-2-port', fileKey: 'Key0fThisSite123' },
      ...{ 'raw.static.wifi.1.password': 'Hunter-2-wifi', 'raw.phone_setting.x': { secret: 'Hunter-2-raw' } },
      'raw.features.dnd.allow': '0',
    }
    const changed = await api.ask(acme, 'PATCH', `${path}/settings`, { set })
    const shown = {
      ...set,
      ...{ userPassword: '***', dot1xPassword: '***', fileKey: '***' },
      ...{ 'raw.static.wifi.1.password': '***', 'raw.phone_setting.x': '***' },
    }
    expect([changed.status, changed.body['settings']], table).toEqual([200, shown])
    const read = await api.ask(acme, 'GET', `${path}/settings`)
    expect(read.body, table).toEqual({ settings: shown })
    expect(changed.text + read.text).not.toMatch(/Hunter|Key0f|sealed/)
    const less = await api.ask(acme, 'PATCH', `${path}/settings`, {
      set: { timezone: 'UTC' },
      unset: ['keys.3.value', 'raw', 'lines.1', 'codecs', 'fileKey', 'dot1xPassword'],
    })
    const left = { timezone: 'UTC', vlanId: null, 'keys.3.kind': 'blf', userPassword: '***' }
    expect(less.body, table).toEqual({ settings: left, unfit: [] })
  }
  expect(await stored()).not.toMatch(/Hunter|Key0f/)
  expect((await stored()).match(/"userPassword": \{"sealed"/g)).toHaveLength(4)
  for (const path of Object.values(places())) {
    expect((await api.ask(acme, 'DELETE', `${path}/settings`)).status).toBe(204)
    expect((await api.ask(acme, 'GET', `${path}/settings`)).body).toEqual({ settings: {} })
  }
})

test('what cannot be is refused with its name, what it takes and the cure, and nothing is changed', async () => {
  const refused: [set: object, words: string[]][] = [
    [{ vlanID: 20 }, ['vlanID', 'Did you mean vlanId?']],
    [{ colour: 'red' }, ['colour', 'offhook settings words']],
    [{ vlanId: 'twenty' }, ['vlanId', '1..4094 | null', 'text']],
    [{ vlanId: 9999, timezone: 'Mars/Base' }, ['vlanId', 'timezone', 'IANA']],
    [{ 'lines.1.transprt': 'tls' }, ['lines.1.transprt', 'Did you mean transport?']],
    [{ 'keys.0.kind': 'blf' }, ['keys.0.kind']],
    [{ fileKey: 'Sh0rt-Key' }, ['fileKey', '16 letters and digits', 'secret']],
    [{ userPassword: '***' }, ['userPassword', 'anew']],
    [{ provisioningUrl: 'http://evil.example.org/' }, ['provisioningUrl', 'OFFHOOK_PHONES_URL']],
    [{ firmware: null }, ['firmware', 'offhook firmware']],
    [{ 'lines.2.user': '2002' }, ['lines.2', '.password']],
    [{ 'raw.#comment': 'x' }, ['#comment']],
    [{ ringtone: 'bells' }, ['bells', 'offhook asset add']],
    [{ language: { secret: 'de' } }, ['language', 'BCP 47']],
  ]
  for (const path of Object.values(places()))
    for (const [set, words] of refused) {
      const answer = await api.ask(acme, 'PATCH', `${path}/settings`, { set: { srtp: 'required', ...set } })
      expect([answer.status, answer.body['code']], JSON.stringify(set)).toEqual([422, 'input-invalid'])
      for (const word of words) expect(answer.body['detail'], JSON.stringify(set)).toContain(word)
      expect(answer.text).not.toContain('Sh0rt')
    }
  for (const path of Object.values(places())) {
    const unset = await api.ask(acme, 'PATCH', `${path}/settings`, { unset: ['timezon'] })
    expect(unset.body).toMatchObject({ status: 422, detail: expect.stringContaining('timezone') as string })
    expect((await api.ask(acme, 'GET', `${path}/settings`)).body).toEqual({ settings: {} })
  }
  const foreign = await api.ask(acme, 'PATCH', `/devices/${PHONE}/settings`, { set: { 'raw.a b': '1' } })
  expect(foreign.body).toMatchObject({ status: 422, detail: expect.stringContaining('Yealink') as string })
})

test('which phones a change does not reach is told with the reason, also where they would get no file', async () => {
  const set = { 'raw.P8': '1', 'keys.500.kind': 'dnd', language: 'tlh', codecs: ['pcma', 'ilbc'] }
  for (const path of Object.values(places())) {
    const isPhone = path.startsWith('/devices')
    if (path.startsWith('/profiles'))
      await api.ask(acme, 'PATCH', `/devices/${PHONE}`, { profile: Number(ids['profile']) })
    const wanted = isPhone ? { ...set, 'raw.P8': undefined } : set
    const { body } = await api.ask(acme, 'PATCH', `${path}/settings`, { set: wanted })
    const unfit = body['unfit'] as { setting: string }[]
    expect(unfit[0], path).toMatchObject({ family: 'yealink', model: 'T46U', phones: 1 })
    const stopped = ['keys.500', 'language', ...(isPhone ? [] : ['raw.P8'])]
    expect(unfit.map(({ setting }) => setting).sort(), path).toEqual(stopped)
    await api.ask(acme, 'DELETE', `${path}/settings`)
  }
  const twice = await api.ask(acme, 'PATCH', `/devices/${PHONE}/settings`, { set: { 'raw.account.1.password': 'x' } })
  expect(twice.body['unfit']).toEqual([
    expect.objectContaining({ setting: '', reason: expect.stringMatching(/no file.*set twice/) as string }),
  ])
  await api.ask(acme, 'DELETE', `/devices/${PHONE}/settings`)
  await api.ask(acme, 'PATCH', `/devices/${PHONE}`, { profile: null })
})

test('a change that is based on an outdated look is not made, be it of a secret that looks the same', async () => {
  for (const path of Object.values(places())) {
    await api.ask(acme, 'PATCH', `${path}/settings`, { set: { userPassword: 'first-one' } })
    const tag = (await api.ask(acme, 'GET', `${path}/settings`)).headers.get('etag')!
    expect((await api.ask(acme, 'GET', `${path}/settings`, undefined, { 'If-None-Match': tag })).status).toBe(304)
    const change = () =>
      api.ask(acme, 'PATCH', `${path}/settings`, { set: { userPassword: 'second-one' } }, { 'If-Match': tag })
    expect((await change()).status).toBe(200)
    expect((await change()).status).toBe(412)
    expect((await api.ask(acme, 'DELETE', `${path}/settings`, undefined, { 'If-Match': tag })).status).toBe(412)
    expect((await api.ask(acme, 'DELETE', `${path}/settings`)).status).toBe(204)
  }
})

test('nobody reads or changes the settings of another tenant', async () => {
  for (const path of Object.values(places()).slice(1))
    for (const [method, body] of [['GET'], ['PATCH', { set: { mwi: false } }], ['DELETE']] as const)
      expect((await api.ask(zeta, method, `${path}/settings`, body)).status, `${method} ${path}`).toBe(404)
  const reader = await api.token(api.desk.acme.id, 'phones:read')
  for (const path of Object.values(places())) {
    expect((await api.ask(reader, 'GET', `${path}/settings`)).status).toBe(200)
    expect((await api.ask(reader, 'PATCH', `${path}/settings`, { set: {} })).status).toBe(403)
  }
})

test('profiles are made, given to phones, renamed and removed once no phone has them', async () => {
  const path = `/profiles/${String(ids['profile'])}`
  const profile = ids['profile']
  expect((await api.ask(acme, 'POST', '/profiles', { name: 'Lobby' })).body).toMatchObject({ code: 'already-there' })
  expect((await api.ask(acme, 'PATCH', `/devices/${PHONE}`, { profile })).body).toMatchObject({ profile: 'Lobby' })
  expect((await api.ask(acme, 'PATCH', `/devices/${PHONE}`, { profile: 4711 })).body).toMatchObject({
    ...{ status: 404, code: 'profile-unknown' },
  })
  expect((await api.ask(acme, 'PATCH', path, { name: 'Foyer' })).body).toEqual({
    id: profile,
    name: 'Foyer',
    phones: 1,
  })
  expect((await api.ask(acme, 'DELETE', path)).body).toMatchObject({ status: 409, code: 'in-use' })
  expect((await api.ask(acme, 'PATCH', `/devices/${PHONE}`, { profile: null })).body).toMatchObject({ profile: null })
  expect((await api.ask(zeta, 'DELETE', path)).status).toBe(404)
  expect((await api.ask(acme, 'DELETE', path)).status).toBe(204)
  expect((await api.ask(acme, 'GET', '/profiles')).body).toEqual({ items: [] })
})

test('the words of settings are listed, with what each takes', async () => {
  const { body } = await api.ask(acme, 'GET', '/settings')
  expect(body['items']).toContainEqual(
    expect.objectContaining({ name: 'vlanId', type: '1..4094 | null', secret: false }),
  )
  expect(body['items']).toContainEqual(expect.objectContaining({ name: 'dot1xPassword', secret: true }))
})
