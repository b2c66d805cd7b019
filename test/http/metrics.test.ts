import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tallyAnswers } from '../../src/boot/tally-answers.ts'
import { createPool } from '../../src/db/pool.ts'
import { createApi } from '../../src/http/api/create-api.ts'
import { createMetricsRouter } from '../../src/http/api/metrics-router.ts'
import { ROUTES } from '../../src/http/api/routes.ts'
import { trustProxies } from '../../src/http/client-address.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { startPeopleListener } from '../../src/http/people-listener.ts'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import type { AnswerPhone } from '../../src/model/phone-request.ts'
import { createToken } from '../../src/people/access-tokens.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { StoreFolder } from '../../src/store/folder.ts'
import { openDesk } from '../people/open-desk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { bundle } from '../support/debian/bundle.ts'

const FILE = { bytes: Buffer.from('x'), contentType: 'text/plain', etag: '"x"' }
const answer: AnswerPhone = ({ file }) => {
  if (file === 'broken.cfg') return Promise.reject(new Error('no database'))
  if (file === 'later.cfg') return Promise.resolve({ ...FILE, family: 'snom' })
  return file === 'known.cfg' ? { ...FILE, family: 'yealink' } : null
}

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>
let owner: ReturnType<typeof createPool>
let token: string
let origin: string
let phones: string
const warnings: object[] = []
const closing: { close(): unknown }[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
  owner = createPool(database.url, 'owner')
  const log = { info: () => undefined, warn: (fields: object) => void warnings.push(fields) }
  const shelf = { pool: desk.pool, families: [], folder: new StoreFolder('store') }
  const site = {
    desk,
    owner,
    shelf,
    families: [],
    sipHost: 'pbx.example.org',
    phonesUrl: 'http://phones.example.org',
    ami: null,
    log,
  }
  const tally = tallyAnswers(answer)
  const addressOf = trustProxies([])
  const metrics = createMetrics({
    ...{ owner, answers: tally.read, dropped: () => 7, log },
    proofs: () => ({
      ...{ counts: [{ way: 'certificate', result: 'refused', count: 3 }], spentSources: 2 },
      tlsExpiresAt: new Date(1_800_000_000_000),
    }),
  })
  const routers = [
    createApi(site, ROUTES, { addressOf, observe: metrics.observe }),
    createMetricsRouter(site, metrics, addressOf),
  ]
  const people = await startPeopleListener({ address: '127.0.0.1', port: 0, ready: {}, routers })
  const served = await startPhonesListener({
    ...{ address: '127.0.0.1', port: 0, answer: tally.answer, log, writeAccess: () => undefined },
  })
  closing.push(people, served)
  origin = `http://127.0.0.1:${people.port}`
  phones = `http://127.0.0.1:${served.port}`
  token = await makeToken(null, 'metrics:read')
})
afterAll(async () => {
  for (const each of closing) await each.close()
  await desk.pool.end()
  await owner.end()
  await database.close()
})

let names = 0
async function makeToken(tenantId: number | null, scope: string): Promise<string> {
  const made = await createToken(owner, { tenantId, name: `t${++names}`, scopes: [scope], days: 1, actor: 'test' })
  return made.token.reveal()
}

async function scrape(bearer: string | null = token) {
  const headers = bearer === null ? {} : { Authorization: `Bearer ${bearer}` }
  const response = await fetch(`${origin}/metrics`, { headers })
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() }
}

/** Lines of one metric: labels to value. */
function read(document: string, name: string): Record<string, number> {
  const lines = document.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  return Object.fromEntries(
    lines.map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

test('only a token of the installation with the scope metrics:read gets them', async () => {
  expect((await scrape(null)).status).toBe(401)
  expect((await scrape(`offhook_${'x'.repeat(43)}`)).status).toBe(401)
  expect((await scrape(await makeToken(null, 'people:write'))).status).toBe(403)
  expect((await scrape(await makeToken(desk.acme.id, 'admin'))).status).toBe(403)
  expect((await scrape()).status).toBe(200)
  expect((await fetch(`${origin}/metrics/more`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(404)
})

test("Prometheus' own tool takes the document and finds nothing to complain about", async () => {
  await fetch(`${phones}/known.cfg`)
  await fetch(`${origin}/api/v1/users`, { headers: { Authorization: `Bearer ${token}` } })
  const { text: document, type } = await scrape()
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  const promtool = spawn((await bundle('prometheus')).program('promtool'), ['check', 'metrics'])
  const said = Promise.all([text(promtool.stdout), text(promtool.stderr), once(promtool, 'close')])
  // Names that prom-client's default metrics chose; every other complaint is ours.
  promtool.stdin.end(document.replaceAll(/^.*\bnodejs_.*\n/gm, ''))
  const [out, err, ended] = await said
  expect({ out, err, code: ended[0] as number }).toEqual({ out: '', err: '', code: 0 })
  expect(document).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
  expect(document).toMatch(/^process_resident_memory_bytes /m)
})

test('what phones showed to prove themselves, sources that try addresses, and the end of the certificate are told', async () => {
  const { text: document } = await scrape()
  expect(read(document, 'offhook_phone_proofs_total')).toEqual({ '{way="certificate",result="refused"}': 3 })
  expect(read(document, 'offhook_phone_sources_limited')).toEqual({ '': 2 })
  expect(read(document, 'offhook_tls_expires_timestamp_seconds')).toEqual({ '': 1_800_000_000 })
})

test('requests of phones are counted by family, result and transport', async () => {
  const name = 'offhook_provision_requests_total'
  const before = read((await scrape()).text, name)
  for (const file of ['known.cfg', 'known.cfg', 'later.cfg', 'none.cfg', 'broken.cfg']) await fetch(`${phones}/${file}`)
  const after = read((await scrape()).text, name)
  const grown = Object.entries(after)
    .map(([labels, count]) => [labels, count - (before[labels] ?? 0)] as const)
    .filter(([, count]) => count > 0)
  expect(Object.fromEntries(grown)).toEqual({
    '{transport="http",result="served",family="yealink"}': 2,
    '{transport="http",result="served",family="snom"}': 1,
    '{transport="http",result="refused",family="none"}': 1,
    '{transport="http",result="failed",family="none"}': 1,
  })
})

test('requests of the API are timed by route as the document writes it, whatever stood in the address', async () => {
  const admin = await makeToken(desk.acme.id, 'admin')
  for (const id of ['1', '2', 'x/y'])
    await fetch(`${origin}/api/v1/users/${id}`, { headers: { Authorization: `Bearer ${admin}` } })
  const counts = read((await scrape()).text, 'http_request_duration_seconds_count')
  expect(counts['{route="/users/{id}",method="GET",status="404"}']).toBe(2)
  expect(counts['{route="none",method="GET",status="404"}']).toBe(1)
})

test('what the database holds is told as it is, and for five seconds as it was', async () => {
  const input = { kind: 'text' as const, text: 'extension,first_name,mac,model\n1001,Ada,001565000001,T46U\n' }
  await applyImport(desk, { tenant: desk.acme, source: 'people.csv', actor: 'test', options: {}, input })
  await database.query(
    `insert into asterisk.ps_contacts (id, endpoint, expiration_time) values
       ('a', '1001-acme', extract(epoch from now()) + 60), ('b', '1001-acme', extract(epoch from now()) + 60),
       ('c', '1002-acme', 1)`,
  )
  await expect
    .poll(async () => read((await scrape()).text, 'offhook_devices'), { timeout: 8_000, interval: 300 })
    .toEqual({
      '{family="yealink"}': 1,
    })
  const { text: document } = await scrape()
  expect(read(document, 'offhook_imports')).toEqual({ '{state="applied"}': 1 })
  expect(read(document, 'offhook_endpoints_registered')).toEqual({ '': 1 })
  expect(read(document, 'offhook_outbox_waiting')['']).toBeGreaterThan(0)
  expect(read(document, 'offhook_figures_up')).toEqual({ '': 1 })
})

test('a database that keeps silent costs two seconds and its own figures, no more', async () => {
  const held = await owner.connect()
  await held.query('begin')
  await held.query('lock table offhook.mails in access exclusive mode')
  try {
    await expect
      .poll(async () => read((await scrape()).text, 'offhook_figures_up'), { timeout: 12_000, interval: 300 })
      .toEqual({ '': 0 })
    const { status, text: document } = await scrape()
    expect(status).toBe(200)
    expect(document).not.toContain('offhook_devices')
    expect(document).toContain('offhook_provision_requests_total')
    expect(warnings).toContainEqual({ error: expect.stringMatching(/timeout/) as string })
  } finally {
    await held.query('rollback')
    held.release()
  }
}, 20_000)
