import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('contacts are added, listed by pages, changed and removed, and counted in the phonebook', async () => {
  const made = await ask('POST', '/contacts', { name: 'Roofer', number: '+49 30 1', mobile: '0170 2' })
  const id = expect.any(Number) as number
  expect([made.status, made.body]).toEqual([201, { id, name: 'Roofer', number: '+49301', mobile: '01702', home: null }])
  expect((await ask('POST', '/contacts', { name: 'Roofer', number: '1' })).body).toMatchObject({
    code: 'already-there',
  })
  expect((await ask('POST', '/contacts', { name: 'Mason', number: 'x' })).body).toMatchObject({ code: 'input-invalid' })
  await ask('POST', '/contacts', { name: 'Mason', number: '5' })
  const first = await ask('GET', '/contacts?limit=1')
  expect(first.body['items']).toMatchObject([{ name: 'Mason' }])
  const next = await ask('GET', `/contacts?limit=1&cursor=${String(first.body['next_cursor'])}`)
  expect(next.body).toMatchObject({ items: [{ name: 'Roofer' }], next_cursor: null })
  const path = `/contacts/${String(made.body['id'])}`
  expect((await ask('PATCH', path, { mobile: null })).body).toMatchObject({ name: 'Roofer', mobile: null })
  const other = await api.token(api.desk.zeta.id, 'admin')
  expect((await api.ask(other, 'PATCH', path, { mobile: '1' })).status).toBe(404)
  expect((await ask('GET', '/phonebook')).body).toEqual({ entries: 2, given: true })
  expect((await ask('DELETE', path)).status).toBe(204)
  expect((await ask('DELETE', path)).body).toMatchObject({ status: 404, code: 'contact-unknown' })
  expect((await ask('PATCH', '/phonebook', { given: false })).body).toEqual({ entries: 1, given: false })
  expect((await ask('PATCH', '/phonebook', { given: true })).body).toEqual({ entries: 1, given: true })
})
