import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAddresses } from '../../src/jobs/open-addresses.ts'
import { openWire } from '../../src/jobs/open-connectors.ts'
import { askPatiently } from '../../src/redirect/ask-patiently.ts'
import { quoteAnswer } from '../../src/redirect/fault.ts'
import { readLogin, readOptions, urlOf } from '../../src/redirect/read-account.ts'
import { askOnce } from '../../src/redirect/wire.ts'
import { openMint } from '../support/makers/authority.ts'
import { openFakeServer } from './fakes/fake-cloud.ts'
import { openFakeYmcs } from './fakes/yealink-ymcs.ts'
import { HERE, OPEN, openConnector, QUICK } from './open-connector.ts'

let folder: string
let ca: string
let good: { key: string; cert: string }
let misnamed: { key: string; cert: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offhook-redirect-'))
  const mint = await openMint(folder)
  const authority = await mint.makeAuthority('/CN=Test Authority')
  ca = authority.certificate
  const issue = async (name: string) => {
    const keyFile = await mint.makeKey('RSA', 'rsa_keygen_bits:2048')
    const extensions = ['basicConstraints=CA:FALSE', 'extendedKeyUsage=serverAuth', `subjectAltName=${name}`]
    const cert = await mint.issue(authority, { subject: '/CN=service', keyFile, extensions })
    return { key: await readFile(keyFile, 'utf8'), cert }
  }
  good = await issue('IP:127.0.0.1')
  misnamed = await issue('DNS:another.example.org')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('over HTTPS secrets go to nobody but the service: its certificate must be trusted and be for its name', async () => {
  const fake = await openFakeYmcs({ tls: good })
  const impostor = await openFakeYmcs({ tls: misnamed })
  try {
    const phones = [{ ...fake.phone(1), address: HERE }]
    expect([...(await openConnector('yealink-ymcs', fake, { ca }).register(phones, OPEN)).values()]).toEqual([null])
    fake.calls.length = 0
    const untrusted = openConnector('yealink-ymcs', fake).register(phones, OPEN)
    await expect(untrusted).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/certificate/) as string,
    })
    const wrong = openConnector('yealink-ymcs', impostor, { ca }).register(phones, OPEN)
    await expect(wrong).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringMatching(/IP/) as string })
    expect([...fake.calls, ...impostor.calls]).toEqual([])
  } finally {
    await fake.close()
    await impostor.close()
  }
})

test('an address inside our own networks is not reached, by name neither, unless it was allowed', async () => {
  const server = await openFakeServer(() => ({ status: 200, body: 'secret' }))
  try {
    const ask = (url: string, allowed: string[]) =>
      askOnce(openWire(openAddresses(allowed), { timeoutMs: 2_000 }), { method: 'GET', url, headers: {} }, OPEN)
    const byName = server.url.replace('127.0.0.1', 'localhost')
    for (const url of [server.url, byName, server.url.replace('127.0.0.1', '[::ffff:127.0.0.1]')])
      await expect(ask(url, []), url).rejects.toMatchObject({ kind: 'unreachable' })
    expect(server.calls).toEqual([])
    expect(await ask(byName, ['127.0.0.0/8'])).toMatchObject({ status: 200, text: 'secret' })
  } finally {
    await server.close()
  }
})

test('calls of one account are paced, and pauses grow as the service asks', async () => {
  const times: number[] = []
  const server = await openFakeServer(() => {
    times.push(performance.now())
    return { status: 200, body: {} }
  })
  try {
    const ask = askPatiently({ ...QUICK, paceMs: 60 })
    const make = () => ({ method: 'GET', url: server.url, headers: {} }) as const
    await Promise.all([1, 2, 3].map(() => ask(make, OPEN)))
    const gaps = times.slice(1).map((time, at) => time - times[at]!)
    expect(Math.min(...gaps)).toBeGreaterThan(40)
    server.trouble({ status: 429, headers: { 'retry-after': '1' } })
    const started = performance.now()
    await ask(make, OPEN)
    expect(performance.now() - started).toBeGreaterThan(950)
  } finally {
    await server.close()
  }
})

test('what a service says is shown short, on one line, and without what was told to it', () => {
  expect(quoteAnswer('no\u0000t  this\r\ntoken-42!', ['token-42'])).toBe('no t this ***!')
  expect(quoteAnswer('x'.repeat(500))).toHaveLength(201)
})

test('an account needs all of its secrets and no others, and every fault names the field and the cure', () => {
  expect(() => readLogin('yealink-ymcs', { 'access-key-id': 'a' })).toThrow('needs access-key-secret')
  expect(() => readLogin('poly-ztp', { 'api-kez': 'a' })).toThrow('Did you mean api-key?')
  expect(() => readLogin('poly-ztp', { 'api-key': 'line\nbreak-31415' })).toThrow(/^(?!.*31415).*one line/)
  expect(() => readOptions('yealink-ymcs', {})).toThrow('region=us or region=eu or region=au')
  expect(() => readOptions('yealink-ymcs', { region: 'eu', 'mac-only': 'perhaps' })).toThrow('such as no')
  expect(() => readOptions('grandstream-gdms', { region: 'eu' })).toThrow('site=3345')
  expect(() => readOptions('snom-sraps', { region: 'eu' })).toThrow('no option “region”')
  expect(readOptions('gigaset-redirect', { provider: '' })).toEqual({ provider: 'Offhook' })
  expect(urlOf('yealink-ymcs', { region: 'au' })).toBe('https://au-api.ymcs.yealink.com')
  expect(urlOf('poly-ztp', {})).toBe('https://api.ztp.poly.com/v1')
})

test.each(['http://ymcs.example.org', 'ftp://example.org', 'https://a:b@example.org', 'https://example.org/?q', 'x'])(
  'secrets are not sent to %s',
  (url) => {
    expect(() => readOptions('poly-ztp', { url })).toThrow('https://')
  },
)
