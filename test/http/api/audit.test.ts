import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFamilies } from '../../../src/boot/load-families.ts'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { type OpenApi, openApi } from './open-api.ts'
import { addWaiting, readOperations } from './operations.ts'

type Json = Record<string, unknown>

/** Tells an Asterisk something; here nobody listens. What it notes is proved with a real one. */
const NEEDS_ASTERISK = ['POST /devices/{device}/resync']

/** Does two things that are told apart: a phone gets an owner, and a window is opened. */
const LINES: Record<string, number> = { 'POST /devices/claim': 2 }

let api: OpenApi
let token: string
let wide: string
const called = new Set<string>()
const wrong: unknown[] = []

beforeAll(async () => {
  api = await openApi({}, { families: await loadFamilies() })
  token = await api.token(api.desk.acme.id, 'admin')
  wide = await api.token(null, 'admin')
})
afterAll(() => api.close())

async function countEntries(): Promise<number> {
  const { rows } = await api.database.query(`select count(*)::int as count from offhook.audit where actor ~ '^token:'`)
  return (rows[0] as { count: number }).count
}

/** Calls an operation and looks whether history has one line more. */
async function act(operation: string, values: Json, body?: unknown, bearer = token, type?: string): Promise<Json> {
  const [method = '', path = ''] = operation.split(' ')
  called.add(operation)
  const before = await countEntries()
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
  const query = values['?']
  const address = filled + (typeof query === 'string' ? query : '')
  const answer = await api.ask(bearer, method, address, body, type === undefined ? {} : { 'Content-Type': type })
  if (answer.status > 299) throw new Error(`${operation}: ${answer.text}`)
  const more = (await countEntries()) - before
  if (more !== (LINES[operation] ?? 1)) wrong.push([operation, more])
  return answer.body
}

const part = (body: Json, name: string) => body[name] as Json
async function work(): Promise<void> {
  while (await workOnImport(api.owner, api.desk));
}

/** A softphone, under its name. */
async function addApp(): Promise<string> {
  const user = { extension: '1090', first_name: 'Al', model: 'Linphone' }
  await api.ask(token, 'POST', '/users', user)
  const { body } = await api.ask(token, 'GET', '/devices')
  return (body['items'] as { name: string; model: string }[]).find(({ model }) => model === 'Linphone')!.name
}

test('every operation that changes something leaves one line of history, with who did it', async () => {
  const location = await act('POST /locations', {}, { name: 'Berlin' })
  await act('PATCH /locations/{id}', location, { name: 'Bonn' })
  await act('PATCH /locations/{id}/settings', location, { set: { vlanId: 20, userPassword: 'a-page-password' } })
  await act('DELETE /locations/{id}/settings', location)
  await act('DELETE /locations/{id}', location)
  await act('PATCH /tenant/settings', {}, { set: { language: 'de', userPassword: 'a-page-password' } })
  await act('DELETE /tenant/settings', {})
  const profile = await act('POST /profiles', {}, { name: 'Lobby' })
  await act('PATCH /profiles/{id}', profile, { name: 'Foyer' })
  await act('PATCH /profiles/{id}/settings', profile, { set: { userPassword: 'a-page-password' } })
  await act('DELETE /profiles/{id}/settings', profile)
  const role = await act('POST /roles', {}, { name: 'agent' })
  await act('PATCH /roles/{id}', role, { name: 'sales' })
  await act('DELETE /roles/{id}', role)
  await act('PATCH /tenant/defaults', {}, { country: 'DE' })
  await act('POST /tenants', {}, { slug: 'other', name: 'Other' }, wide)
  await act('POST /trunks', {}, { name: 'carrier', match: '192.0.2.1' })
  await act('DELETE /trunks/{name}', { name: 'carrier' })
  const made = await act('POST /tokens', {}, { name: 'other', scopes: ['people:read'] })
  await act('DELETE /tokens/{id}', part(made, 'record'))

  const user = part(
    await act('POST /users', {}, { extension: '1001', first_name: 'Ada', email: 'ada@example.org' }),
    'user',
  )
  await act('PATCH /users/{id}', user, { first_name: 'Eva' })
  await act('POST /users/reissue', {}, { users: [user['id']] })
  await act('POST /mails/resend', {}, { users: [user['id']] })
  const group = await act('POST /groups', {}, { name: 'Sales' })
  await act('PATCH /groups/{id}', group, { timeout_seconds: 60 })
  await act('PATCH /users/{id}', user, { groups: ['Sales'] })
  await act('POST /groups/{id}/ranks', group, { extension: '1001', penalty: 1 })
  const did = await act('POST /dids', {}, { number: '+49301234511' })
  await act('PATCH /dids/{id}', did, { extension: '1001' })
  await act('PATCH /dids/{id}', did, { extension: null })
  await act('DELETE /dids/{id}', did)

  await act('POST /devices', {}, { mac: '001565000001', model: 'T46U' })
  await act('PATCH /devices/{device}', { device: '001565000001' }, { profile: profile['id'] })
  await act('PATCH /devices/{device}', { device: '001565000001' }, { profile: null })
  await act('DELETE /profiles/{id}', profile)
  const said = { set: { 'raw.account.1.wifi.password': 'a-page-password' } }
  await act('PATCH /devices/{device}/settings', { device: '001565000001' }, said)
  await act('DELETE /devices/{device}/settings', { device: '001565000001' })
  await act('POST /devices/{device}/assign', { device: '001565000001' }, { user: user['id'] })
  await act('POST /devices/{device}/swap', { device: '001565000001' }, { by: '001565000002' })
  const device = { device: '001565000002' }
  await act('POST /devices/{device}/release', device, { minutes: 5 })
  await act('POST /devices/release', {}, { minutes: 5 })
  await act('POST /devices/{device}/rotate', device)
  await act('DELETE /devices/{device}', device)
  await act('POST /devices/claim', {}, { mac: '001565000003', model: 'T46U', user: user['id'] })

  const login = { user: 'acme', password: 'a-password-of-yealink' }
  const account = part(await act('POST /redirects', {}, { service: 'yealink-rps', login }), 'account')
  await act('PATCH /redirects/{id}', account, { options: { server: 'offices' }, login })
  await act('POST /redirects/{id}/send', account, {})
  await act('POST /redirects/{id}/check', account)
  await act('DELETE /redirects/{id}', account)

  const { webhook, secret } = await act(
    'POST /webhooks',
    {},
    { url: 'https://crm.example.org/', events: ['user.removed'] },
  )
  await act('PATCH /webhooks/{id}', webhook as Json, { enabled: true })
  const rotated = await act('POST /webhooks/{id}/rotate', webhook as Json)
  await act('DELETE /users/{id}', user)
  await act('POST /webhooks/{id}/replay', webhook as Json, { failed: true })
  await act('DELETE /webhooks/{id}', webhook as Json)
  await act('DELETE /groups/{id}', group)

  const brought = await act(
    'POST /imports',
    {},
    { rows: [{ extension: '2001', first_name: 'Jo', voicemail_pin: '1' }] },
  )
  await work()
  const { text: faulty } = await api.ask(token, 'GET', `/imports/${String(brought['id'])}/errors.csv`)
  await act('POST /imports/{id}/corrections', brought, faulty.replace('Jo', 'Al'), token, 'text/csv')
  await work()
  const { body: page } = await api.ask(token, 'GET', `/imports/${String(brought['id'])}/rows`)
  const pinCode = (page['items'] as { problems: { code: string }[] }[])[0]!.problems[0]!.code
  await act('POST /imports/{id}/repairs', brought, { field: 'voicemail_pin', code: pinCode, value: '749362' })
  await work()
  await act('PATCH /imports/{id}/rows/{row}', { ...brought, row: 1 }, { values: { voicemail_pin: '739164' } })
  await act('PATCH /imports/{id}', brought, { update: true })
  await work()
  await act('POST /imports/{id}/apply', brought, {})
  await work()
  await act('POST /imports/{id}/credentials.csv', brought)
  await act('POST /imports/{id}/undo', brought)
  await work()

  const file = 'application/octet-stream'
  const image = { '?': '?family=yealink&version=1.0&name=T46U.rom' }
  const firmware = await act('POST /firmware', image, 'an image', token, file)
  const spare = { '?': '?family=yealink&version=2.0&name=T46U.rom' }
  await act('DELETE /firmware/{id}', await act('POST /firmware', spare, 'another', token, file))
  expect(firmware['version']).toBe('1.0')
  await act(
    'DELETE /rollouts/{id}',
    await act('POST /rollouts', {}, { family: 'yealink', version: '1.0', percentage: 5 }),
  )
  await act('POST /devices', {}, { mac: '001565abcd77', model: 'T46U' })
  await act('POST /devices/{device}/firmware', { device: '001565abcd77' }, { version: '1.0' })
  await act('DELETE /devices/{device}/firmware', { device: '001565abcd77' })
  await act('POST /assets/use', {}, { kind: 'ringtone', name: null })
  const tone = { '?': '?kind=language&name=lang.txt&family=yealink' }
  await act('DELETE /assets/{id}', await act('POST /assets', tone, 'words', token, file))

  const contact = await act('POST /contacts', {}, { name: 'Plumber', number: '+49301234567' })
  await act('PATCH /contacts/{id}', contact, { name: 'Electrician' })
  await act('DELETE /contacts/{id}', contact)
  const people = 'name,number\nBaker,+49301234568\n'
  await act('POST /contacts/import', { '?': '?apply=true' }, people, token, 'text/csv')
  await act('PATCH /phonebook', {}, { given: false })
  await act('PATCH /phone-rules', {}, { tftp: true })
  const code = await act('POST /claim-codes', {}, { networks: ['192.0.2.0/24'] })
  await act('DELETE /waiting-phones/{id}', { id: await addWaiting(api) })
  await act('DELETE /claim-codes/{id}', code)
  const { password } = await act('POST /devices/{device}/login', { device: '001565abcd77' }, {})
  const { phones } = await act('POST /phone-logins', {}, { renew: true })
  const { url } = await act('POST /phone-login-address', {}, {})
  await act('DELETE /phone-login-address', {})
  const told = [password, url, ...(phones as Json[]).map((each) => each['password'])]
  await act('POST /devices/{device}/release', { device: '001565abcd77' }, { minutes: 5 })
  await act('DELETE /devices/{device}/release', { device: '001565abcd77' })
  await act('DELETE /releases', {})
  const app = { device: encodeURIComponent(await addApp()) }
  await act('POST /devices/{device}/link', app, {})
  for (const picture of ['png', 'svg']) await act(`POST /devices/{device}/qr.${picture}`, app)

  expect(wrong).toEqual([])
  const { rows } = await api.database.query('select string_agg(to_jsonb(a)::text, chr(10)) as all from offhook.audit a')
  const history = (rows[0] as { all: string }).all
  for (const value of [
    '749362',
    'a-page-password',
    '739164',
    String(secret),
    String(rotated['secret']),
    String(made['token']),
    login.password,
    ...told.map(String),
  ])
    expect(history).not.toContain(value)
})

test('no operation that changes something was forgotten', async () => {
  const operations = await readOperations(api)
  const changing = operations.filter(({ method }) => method !== 'GET')
  const names = changing.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`)
  expect(names.filter((name) => !called.has(name) && !NEEDS_ASTERISK.includes(name))).toEqual([])
})
