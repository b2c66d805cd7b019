import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type OpenApi, openApi } from './open-api.ts'

let api: OpenApi
let token: string

beforeAll(async () => {
  api = await openApi()
  token = await api.token(api.desk.acme.id, 'people:write', 'tenants:write', 'audit:read', 'phones:write')
})
afterAll(() => api.close())

const ask = (...words: [method: string, path: string, body?: unknown, headers?: Record<string, string>]) =>
  api.ask(token, ...words)
const idOf = (body: Record<string, unknown>) => (body['user'] as { id: number }).id

test('a person is created, shown, changed, suspended, renumbered and deleted', async () => {
  const fields = { extension: '1001', first_name: 'Ada', last_name: 'Abel', email: 'Ada@example.org' }
  const made = await ask('POST', '/users', { ...fields, mac: '00:15:65:ab:cd:01', model: 'T46U', tags: ['a', 'b'] })
  expect(made.body).toMatchObject({
    import: expect.any(Number) as number,
    user: { ...fields, email: 'ada@example.org', tags: ['a', 'b'], devices: [{ mac: '001565abcd01', line: 1 }] },
  })
  expect(made.status).toBe(201)
  const path = `/users/${idOf(made.body)}`
  expect(made.headers.get('location')).toBe(`/api/v1${path}`)
  expect(made.text).not.toMatch(/secret|pin|password/)
  expect((await ask('GET', path)).body).toEqual(made.body['user'])

  const changed = await ask('PATCH', path, { email: null, tags: [], desk: 'A 12', suspended: true })
  expect([changed.status, changed.body['user']]).toMatchObject([
    200,
    { email: null, tags: [], desk: 'A 12', suspended: true, first_name: 'Ada', extension: '1001' },
  ])
  const moved = await ask('PATCH', path, { extension: '1009', suspended: false })
  expect(moved.body['user']).toMatchObject({ extension: '1009', suspended: false })
  expect((await ask('PATCH', path, {})).body).toMatchObject({ import: null, user: { extension: '1009' } })

  expect((await ask('DELETE', path)).status).toBe(200)
  expect((await ask('GET', path)).status).toBe(404)
  const history = await ask('GET', '/audit?limit=2')
  expect(history.body['items']).toMatchObject([
    { actor: 'token:t1', action: 'user-remove' },
    { actor: 'token:t1', action: 'import' },
  ])
})

test('a public number stays with the tenant when its holder goes, unless it shall go too', async () => {
  await ask('POST', '/dids', { number: '+49 30 1234501' })
  const first = await ask('POST', '/users', { extension: '1101', first_name: 'Eve', did: '+49301234501' })
  expect(first.body['user']).toMatchObject({ dids: ['+49301234501'] })
  await ask('DELETE', `/users/${idOf(first.body)}`)
  expect((await ask('GET', '/dids?assigned=false')).body['items']).toMatchObject([
    { number: '+49301234501', user: null },
  ])
  const second = await ask('POST', '/users', { extension: '1102', first_name: 'Fay', did: '+49301234501' })
  const [did] = (await ask('GET', '/dids')).body['items'] as { id: number }[]
  expect((await ask('DELETE', `/dids/${did!.id}`)).body).toMatchObject({ status: 409, code: 'in-use' })
  const path = `/dids/${did!.id}`
  expect((await ask('PATCH', path, { extension: null })).body).toMatchObject({ extension: null, user: null })
  expect((await ask('PATCH', path, { extension: '1102' })).body).toMatchObject({ extension: '1102', label: 'Fay' })
  expect((await ask('PATCH', path, { extension: '1999' })).body).toMatchObject({ code: 'extension-unknown' })
  await ask('DELETE', `/users/${idOf(second.body)}?dids=delete`)
  expect((await ask('GET', '/dids')).body['items']).toEqual([])
})

test('what is wrong with a person is told by field, with its cure', async () => {
  const { status, body, headers } = await ask('POST', '/users', {
    extension: '1',
    email: 'nobody',
    first_name: 'A',
    mac: 'x',
  })
  expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8'])
  expect(body).toMatchObject({ code: 'people-invalid', request_id: expect.any(String) as string })
  const errors = body['errors'] as { pointer: string; field: string; code: string; row: number }[]
  expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/email', '/extension', '/mac'])
  for (const error of errors) expect(error).toMatchObject({ pointer: `/${error.field}`, row: 1 })
})

test('unknown members are refused by name, and wrong types by pointer', async () => {
  const { status, body } = await ask('POST', '/users', { extension: 1001, fax: 'yes', 'sur/name': 'x', tags: ['a,b'] })
  expect([status, body['code']]).toEqual([422, 'body-invalid'])
  const errors = body['errors'] as { pointer: string; code: string }[]
  expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/extension', '/fax', '/sur~1name', '/tags/0'])
  expect(errors.find(({ pointer }) => pointer === '/sur~1name')).toMatchObject({ code: 'member-unknown' })
})

test('who is there already is not created again', async () => {
  await ask('POST', '/users', { extension: '1201', first_name: 'Cora' })
  const again = await ask('POST', '/users', { extension: '1201', first_name: 'Dora' })
  expect(again.body).toMatchObject({ status: 409, code: 'already-there' })
  expect((await ask('GET', '/users?q=1201')).body['items']).toMatchObject([{ first_name: 'Cora' }])
})

test('people are read page by page, each once, and searched', async () => {
  for (const extension of ['1301', '1302', '1303', '1304', '1305'])
    await ask('POST', '/users', { extension, last_name: `Page%${extension}` })
  const seen: string[] = []
  let path: string | null = '/users?limit=2&q=page%25'
  while (path !== null) {
    const { body, headers } = await ask('GET', path)
    seen.push(...(body['items'] as { extension: string }[]).map(({ extension }) => extension))
    const link: string | null = headers.get('link')
    expect(link === null).toBe(body['next_cursor'] === null)
    path = link && /^<\/api\/v1(.*)>; rel="next"$/.exec(link)![1]!
  }
  expect(seen).toEqual(['1301', '1302', '1303', '1304', '1305'])
  for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=x', 'nope=1', 'limit=1&limit=2'])
    expect((await ask('GET', `/users?${query}`)).body, query).toMatchObject({ status: 400, code: 'query-invalid' })
})

test('a change rests on what its maker saw', async () => {
  const { body } = await ask('POST', '/users', { extension: '1401', first_name: 'Gus' })
  const path = `/users/${idOf(body)}`
  const seen = (await ask('GET', path)).headers.get('etag')!
  expect((await ask('GET', path, undefined, { 'If-None-Match': seen })).status).toBe(304)
  expect((await ask('PATCH', path, { desk: 'A' }, { 'If-Match': seen })).status).toBe(200)
  expect((await ask('PATCH', path, { desk: 'B' }, { 'If-Match': seen })).body).toMatchObject({
    status: 412,
    code: 'precondition-failed',
  })
  expect((await ask('DELETE', path, undefined, { 'If-Match': seen })).status).toBe(412)
  const now = (await ask('GET', path)).headers.get('etag')!
  expect((await ask('DELETE', path, undefined, { 'If-Match': now })).status).toBe(200)
})

test('of two who saw the same and change it at once only one does', async () => {
  const { body } = await ask('POST', '/users', {
    extension: '1451',
    first_name: 'Hal',
    mac: '001565001451',
    model: 'T46U',
  })
  for (const [method, path, change] of [
    ['PATCH', `/users/${idOf(body)}`, { desk: 'A' }],
    ['DELETE', '/devices/001565001451', undefined],
    ['DELETE', `/users/${idOf(body)}`, undefined],
  ] as const) {
    const seen = { 'If-Match': (await ask('GET', path)).headers.get('etag')! }
    const writer = await api.owner.connect()
    await writer.query('select pg_advisory_lock($1, $2)', [0x0ff, api.desk.acme.id])
    const both = [ask(method, path, change, seen), ask(method, path, change, seen)]
    const waiting = `select from pg_locks where locktype = 'advisory' and not granted`
    await vi.waitFor(async () => expect((await api.database.query(waiting)).rowCount).toBe(2))
    await writer.query('select pg_advisory_unlock_all()')
    writer.release()
    const statuses = (await Promise.all(both)).map(({ status }) => status).sort()
    expect(statuses, path).toEqual(method === 'PATCH' ? [200, 412] : [path.includes('dev') ? 204 : 200, 404])
  }
})
