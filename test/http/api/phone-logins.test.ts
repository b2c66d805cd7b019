import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openBoot, type Boot } from '../../../src/boot/open-boot.ts'
import { createPool } from '../../../src/db/pool.ts'
import type { RunningListener } from '../../../src/http/listening.ts'
import { createDoor } from '../../../src/http/login/door.ts'
import { startPhonesListener } from '../../../src/http/phones-listener.ts'
import { families } from '../../boot/open-site.ts'
import { importCsv } from '../../people/import-csv.ts'
import { bundle } from '../../support/debian/bundle.ts'
import { run } from '../../support/debian/run.ts'
import { type OpenApi, openApi } from './open-api.ts'

const ADA = '001565000001'
const BEN = '001565000002'
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

let api: OpenApi
let boot: Boot
let http: RunningListener
let acme: string
let curl: string
let closePool: () => Promise<void>
beforeAll(async () => {
  api = await openApi({}, { families })
  const people = `extension,last_name,mac,model\n1001,Abel,${ADA},T46U\n1002,Bell,${BEN},T46U\n1003,Cole,,Linphone\n`
  await importCsv(api.desk, api.desk.acme, people)
  acme = await api.token(api.desk.acme.id, 'phones:write')
  const pool = createPool(api.database.url, 'offhook_phones')
  closePool = () => pool.end()
  const site = { phonesUrl: 'http://phones.example.org', sipHost: 'pbx.example.org' }
  boot = await openBoot({ pool, url: api.database.url, vault: api.desk.vault, families, log, ...site })
  const door = createDoor({ logins: boot.logins, families })
  const place = { address: '127.0.0.1', port: 0 }
  http = await startPhonesListener({ ...place, answer: boot.answer, log, door, writeAccess: () => undefined })
  curl = (await bundle('tools')).program('curl')
})
afterAll(async () => {
  await http.close()
  await boot.close()
  await closePool()
  await api.close()
})

const ask = (...words: [method: string, path: string, body?: unknown, headers?: Record<string, string>]) =>
  api.ask(acme, ...words)
const pathOf = (url: unknown) => /^http:\/\/phones\.example\.org(\/\S{20,}\/)$/.exec(String(url))![1]!
/** The status that a phone gets which logs in with that. */
async function fetchAs(path: string, user: string, password: string): Promise<string> {
  const url = `http://127.0.0.1:${http.port}${path}${user}.cfg`
  const words = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--digest', '-u', `${user}:${password}`, url]
  return (await run(curl, words)).stdout
}
const gets = (path: string, user: string, password: string, status: string) =>
  vi.waitFor(async () => expect(await fetchAs(path, user, password)).toBe(status), { timeout: 10_000, interval: 100 })

test('a phone fetches with the password and at the address that the API gives, until either is another', async () => {
  expect((await ask('GET', '/phone-login-address')).body).toEqual({ url: null })
  const first = await ask('POST', `/devices/${ADA}/login`, {})
  expect(first.body).toEqual({ phone: ADA, user: ADA, password: expect.any(String) as string, url: null })
  const opened = await ask('POST', '/phone-login-address', {})
  expect((await ask('POST', '/phone-login-address', {})).body).toEqual(opened.body)
  const path = pathOf(opened.body['url'])
  const password = String(first.body['password'])
  await gets(path, ADA, password, '200')
  expect((await ask('POST', `/devices/${ADA}/login`, {})).body).toEqual({ ...first.body, url: opened.body['url'] })

  const renewed = String((await ask('POST', `/devices/${ADA}/login`, { renew: true })).body['password'])
  await gets(path, ADA, renewed, '200')
  await gets(path, ADA, password, '401')

  const other = pathOf((await ask('POST', '/phone-login-address', { renew: true })).body['url'])
  await gets(other, ADA, renewed, '200')
  await gets(path, ADA, renewed, '404')
  expect((await ask('DELETE', '/phone-login-address')).status).toBe(204)
  await gets(other, ADA, renewed, '404')
})

test('all phones that have a MAC address are given theirs at once', async () => {
  const { body } = await ask('POST', '/phone-logins', {})
  expect(body).toEqual({
    url: null,
    phones: [ADA, BEN].map((mac) => ({ phone: mac, user: mac, password: expect.stringMatching(/^\S{16}$/) as string })),
  })
  expect((await ask('POST', '/phone-logins', {})).body).toEqual(body)
  const renewed = (await ask('POST', '/phone-logins', { renew: true })).body['phones'] as { password: string }[]
  const passwords = (phones: unknown) => (phones as { password: string }[]).map(({ password }) => password)
  expect(passwords(renewed).filter((password) => passwords(body['phones']).includes(password))).toEqual([])
})

test('a softphone has none, another tenant’s phone is unknown, and an outdated address is not closed', async () => {
  const { body } = await ask('GET', '/devices?q=linphone')
  const { name } = (body['items'] as { name: string }[])[0]!
  expect((await ask('POST', `/devices/${encodeURIComponent(name)}/login`, {})).body).toMatchObject({
    ...{ status: 422, code: 'input-invalid' },
  })
  const zeta = await api.token(api.desk.zeta.id, 'phones:write')
  expect((await api.ask(zeta, 'POST', `/devices/${ADA}/login`, {})).status).toBe(404)
  expect((await api.ask(zeta, 'POST', '/phone-logins', {})).body).toEqual({ url: null, phones: [] })
  const reader = await api.token(api.desk.acme.id, 'phones:read')
  expect((await api.ask(reader, 'GET', '/phone-login-address')).status).toBe(403)
  const tag = (await ask('GET', '/phone-login-address')).headers.get('etag')!
  await ask('POST', '/phone-login-address', {})
  expect((await ask('DELETE', '/phone-login-address', undefined, { 'If-Match': tag })).status).toBe(412)
})
