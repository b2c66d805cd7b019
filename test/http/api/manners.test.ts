import { request } from 'node:http'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type OpenApi, openApi } from './open-api.ts'

let api: OpenApi
let token: string

beforeAll(async () => {
  api = await openApi()
  token = await api.token(api.desk.acme.id, 'admin')
})
afterAll(() => api.close())

const ask = (...words: [method: string, path: string, body?: unknown, headers?: Record<string, string>]) =>
  api.ask(token, ...words)

test('what cannot be is a problem document with the right status', async () => {
  const text = { 'Content-Type': 'text/plain' }
  const cases: [Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>, number, string][] = [
    [ask('GET', '/nothing'), 404, 'not-found'],
    [ask('GET', '/users/0x1'), 404, 'not-found'],
    [ask('GET', '/users/999999'), 404, 'user-unknown'],
    [ask('PUT', '/users', {}), 405, 'method-not-allowed'],
    [ask('POST', '/users', 'a', text), 415, 'media-type'],
    [ask('POST', '/users', '{'), 400, 'body-malformed'],
    [ask('POST', '/users'), 400, 'body-missing'],
    [ask('POST', '/users', `{"desk":"${'x'.repeat(1_100_000)}"}`), 413, 'body-too-large'],
    [ask('POST', '/imports', `{"rows":[{"desk":"${'x'.repeat(8_500_000)}"}]}`), 413, 'body-too-large'],
    [ask('POST', '/users', '{}', { 'Content-Encoding': 'gzip' }), 415, 'encoding-unsupported'],
    [ask('POST', '/users', { desk: 'a\0b' }), 422, 'text-unsafe'],
    [ask('POST', '/users', '{"desk":"\\ud800"}'), 422, 'text-unsafe'],
    [ask('POST', '/users', '{"__proto__":{"extension":"1"}}'), 422, 'body-invalid'],
    [ask('DELETE', '/users/1', {}), 400, 'body-unexpected'],
    [ask('GET', '/users?q=%00'), 422, 'text-unsafe'],
    [ask('POST', '/tokens', { name: 'x', scopes: ['root'] }), 422, 'body-invalid'],
    [ask('GET', '/users', undefined, { 'X-Offhook-Tenant': 'zeta' }), 403, 'tenant-forbidden'],
  ]
  for (const [asking, status, code] of cases) {
    const answer = await asking
    expect([answer.status, answer.body['code'], answer.body['status']]).toEqual([status, code, status])
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  }
  expect((await ask('PUT', '/users', {})).headers.get('allow')).toBe('GET, POST, HEAD')
  expect((await api.ask(null, 'GET', '/users')).headers.get('www-authenticate')).toBe('Bearer realm="offhook"')
  expect((await ask('GET', '/users/%E0%A4%A')).status).toBe(400)
})

test('a request keeps the name that it came with, and gets one otherwise', async () => {
  expect((await ask('GET', '/users', undefined, { 'X-Request-Id': 'mine-1' })).headers.get('x-request-id')).toBe(
    'mine-1',
  )
  const strange = await ask('GET', '/users', undefined, { 'X-Request-Id': 'a b' })
  expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('a request that comes again with its key is done once, and gets the same answer', async () => {
  const key = { 'Idempotency-Key': 'one' }
  const fields = { extension: '3001', first_name: 'Kim' }
  const first = await ask('POST', '/users', fields, key)
  const again = await ask('POST', '/users', fields, key)
  expect([again.status, again.text]).toEqual([first.status, first.text])
  expect(again.headers.get('location')).toBe(first.headers.get('location'))
  expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
  const other = await ask('POST', '/users', { ...fields, first_name: 'Lee' }, key)
  expect([other.status, other.body['code']]).toEqual([422, 'idempotency-key-reused'])
  // Another token's key of the same name is another key.
  const stranger = await api.token(api.desk.zeta.id, 'admin')
  expect((await api.ask(stranger, 'POST', '/users', fields, key)).status).toBe(201)
})

test('many at once with one key are one', async () => {
  const key = { 'Idempotency-Key': 'crowd' }
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => ask('POST', '/tokens', { name: 'crowd', scopes: ['people:read'] }, key)),
  )
  const statuses = answers.map(({ status }) => status)
  expect(new Set(statuses.filter((status) => status !== 409))).toEqual(new Set([201]))
  const made = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body['token']))
  expect(made.size).toBe(1)
  const { rows } = await api.database.query(`select count(*)::int as n from offhook.tokens where name = 'crowd'`)
  expect(rows).toEqual([{ n: 1 }])
  // The answer that is kept for them is sealed.
  const { rows: kept } = await api.database.query(
    `select encode(answer, 'escape') as text from offhook.idempotency_keys where key = 'crowd'`,
  )
  expect((kept[0] as { text: string }).text).not.toContain('offhook_')
})

test('a key of a request that failed, died or is a day old is free', async () => {
  const key = { 'Idempotency-Key': 'two' }
  expect((await ask('POST', '/users', { extension: '3' }, key)).status).toBe(422)
  const fields = { extension: '3101', first_name: 'Max' }
  expect((await ask('POST', '/users', fields, key)).status).toBe(201)
  const age = (interval: string, more = '') =>
    api.database.query(
      `update offhook.idempotency_keys set created_at = now() - $1::interval ${more} where key = 'two'`,
      [interval],
    )
  await age('23 hours')
  expect((await ask('POST', '/users', fields, key)).status).toBe(201)
  await age('25 hours')
  expect((await ask('POST', '/users', fields, key)).body['code']).toBe('already-there')
  await ask('POST', '/users', { extension: '3102', first_name: 'Nia' }, key)
  await age('1 minute', `, answer = null, held_until = now() + interval '1 minute'`)
  expect((await ask('POST', '/users', { extension: '3102', first_name: 'Nia' }, key)).body['code']).toBe(
    'idempotency-key-busy',
  )
  await age('1 minute', `, answer = null, held_until = now() - interval '1 second'`)
  expect((await ask('POST', '/users', { extension: '3103', first_name: 'Oz' }, key)).status).toBe(201)
})

test('a key is held while its request lasts; one that was taken for dead does not answer for the one in its place', async () => {
  const writer = await api.owner.connect()
  await writer.query('select pg_advisory_lock($1, $2)', [0x0ff, api.desk.acme.id])
  const ask3 = () => ask('POST', '/users', { extension: '3201', first_name: 'Pia' }, { 'Idempotency-Key': 'three' })
  const holds = async () => {
    const { rows } = await api.database.query(
      `select holder, held_until from offhook.idempotency_keys where key = 'three'`,
    )
    return rows[0] as { holder: string; held_until: Date } | undefined
  }
  const first = ask3()
  await vi.waitFor(async () => expect(await holds()).toBeDefined())
  const { holder, held_until } = (await holds())!
  await vi.waitFor(async () => expect((await holds())!.held_until > held_until).toBe(true), 10_000)
  await api.database.query(`update offhook.idempotency_keys set held_until = now() where key = 'three'`)
  const second = ask3()
  await vi.waitFor(async () => expect((await holds())!.holder).not.toBe(holder))
  await writer.query('select pg_advisory_unlock_all()')
  writer.release()
  // The first was done after all; the second failed, so its key is free, and was not answered for by the first.
  expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([201, 409])
  expect((await ask3()).body['code']).toBe('already-there')
}, 30_000)

test('a token has its own allowance, and who has none is stopped soon', async () => {
  const limited = await openApi({ limits: { perMinute: 3, strangersPerMinute: 4 } })
  const [a, b] = [
    await limited.token(limited.desk.acme.id, 'admin'),
    await limited.token(limited.desk.acme.id, 'admin'),
  ]
  const statuses: number[] = []
  for (let n = 0; n < 4; n++) statuses.push((await limited.ask(a, 'GET', '/users')).status)
  expect(statuses).toEqual([200, 200, 200, 429])
  const refused = await limited.ask(a, 'GET', '/users')
  expect(refused.body).toMatchObject({ status: 429, code: 'rate-limited' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.headers.get('ratelimit')).toMatch(/r=0; ?t=\d+/)
  expect(refused.headers.get('ratelimit-policy')).toMatch(/q=3; ?w=60/)
  expect((await limited.ask(b, 'GET', '/users')).status).toBe(200)
  const strangers: number[] = []
  for (let n = 0; n < 6; n++) strangers.push((await limited.ask('guess', 'GET', '/users')).status)
  expect(strangers).toEqual([401, 401, 401, 401, 429, 429])
  await limited.close()
})

test('who has a token is no stranger, however many answers are under way or broken off', async () => {
  const limited = await openApi({ limits: { strangersPerMinute: 3 } })
  const admin = await limited.token(limited.desk.acme.id, 'admin')
  const made = await limited.ask(admin, 'POST', '/imports', { text: 'extension\n1001\n' })
  const address = `/imports/${String(made.body['id'])}/events`
  const statuses: number[] = []
  for (let n = 0; n < 6; n++) statuses.push((await limited.ask(admin, 'GET', address)).status)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200])
  await limited.close()
})

test('a body that is nested without end is refused, not our failure', async () => {
  const body = Buffer.from(`{"first_name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
  const refused = await ask('POST', '/users', body)
  expect([refused.status, refused.body['code']]).toEqual([422, 'body-too-deep'])
})

test('a body that never ends is cut off at its limit', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const sending = request(`${api.origin}/api/v1/users`, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
      sending.destroy()
    })
    sending.on('error', reject)
    const chunk = Buffer.alloc(256 * 1024, 'x')
    for (let n = 0; n < 8; n++) sending.write(chunk)
  })
  expect(status).toBe(413)
})

test('a failure of our own is told by its name in the log, and by nothing else', async () => {
  await api.database.query('alter table offhook.trunks rename to gone')
  const { status, body, text } = await ask('GET', '/trunks', undefined, { 'X-Request-Id': 'broken' })
  await api.database.query('alter table offhook.gone rename to trunks')
  expect([status, body]).toEqual([
    500,
    { type: 'about:blank', title: 'Internal Server Error', status: 500, code: 'bug', request_id: 'broken' },
  ])
  expect(text).not.toContain('trunks')
  expect(api.warnings.at(-1)).toMatchObject({ request_id: 'broken', path: '/v1/trunks' })
})
