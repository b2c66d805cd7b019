import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createPool } from '../../src/db/pool.ts'
import { openInstallation, PEOPLE } from './open-installation.ts'
import { startOffhook } from './run-offhook.ts'
import { findFreePorts } from '../support/asterisk/ports.ts'

const PHONE = '001565abcd01'
const AGENT = 'Yealink SIP-T46G 28.83.0.120 00:15:65:ab:cd:01'

let site: Awaited<ReturnType<typeof openInstallation>>
let server: ReturnType<typeof startOffhook>
let phonesUrl: string

beforeAll(async () => {
  site = await openInstallation()
  await site.offhook(['import', site.file('people.csv', PEOPLE), '--apply'])
  const http = await findFreePorts(2)
  const phones = http + 1
  Object.assign(site.environment, { OFFHOOK_HTTP_PORT: String(http), OFFHOOK_PHONES_PORT: String(phones) })
  phonesUrl = `http://127.0.0.1:${phones}`
  server = startOffhook(['serve'], site.environment)
  await vi.waitFor(() => fetch(`${phonesUrl}/x`), { timeout: 60_000, interval: 250 })
}, 180_000)
afterAll(async () => {
  server.child.kill()
  await server.ended
  await site.close()
})

const ask = async (path: string) => (await fetch(`${phonesUrl}/${path}`, { headers: { 'User-Agent': AGENT } })).status

test('an installer sees every contact as it happens, and why a phone does not work, from its box to its call', async () => {
  const feed = startOffhook(['phones', '--follow', '--json'], site.environment)
  let lines = ''
  feed.child.stdout!.on('data', (chunk: Buffer) => (lines += chunk.toString()))
  let said = ''
  feed.child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await vi.waitFor(() => expect(said).toContain('Following phones'), { timeout: 60_000, interval: 100 })
  const read = () =>
    lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const patient = { timeout: 20_000, interval: 100 }

  expect(await ask(`${PHONE}.cfg`)).toBe(404)
  expect(await ask('00156500ff01.cfg')).toBe(404)
  await vi.waitFor(() => {
    expect(read()).toContainEqual(expect.objectContaining({ name: PHONE, outcome: 'not-released', model: 'T46G' }))
    expect(read()).toContainEqual(expect.objectContaining({ name: null, mac: '00156500ff01', times: 1 }))
  }, patient)
  const { stdout: refused } = await site.offhook(['phone', 'show', PHONE])
  expect(refused).toMatch(
    /^001565abcd01: refused\. It asked by its MAC address alone, and no release was open for it\.$/m,
  )
  expect(refused).toMatch(/^To do: offhook phone release 001565abcd01, then restart the phone within 15 minutes\.$/m)
  const { stdout: waiting } = await site.offhook(['phones', '--waiting'])
  expect(waiting).toMatch(/^00156500ff01 +127\.0\.0\.1 +yealink +T46G +28\.83\.0\.120 .*it is in no list$/m)
  expect(waiting).toMatch(/^To give one to somebody: offhook phone claim MAC --user EXTENSION$/m)

  await site.offhook(['phone', 'release', PHONE])
  await vi.waitFor(async () => expect(await ask(`${PHONE}.cfg`)).toBe(200), patient)
  await vi.waitFor(() => expect(read()).toContainEqual(expect.objectContaining({ outcome: 'served' })), patient)
  feed.child.kill('SIGINT')
  expect((await feed.ended).code).toBe(0)

  const { stdout: fetched } = await site.offhook(['phone', 'show', PHONE])
  expect(fetched).toMatch(/^001565abcd01: not registered\. It fetched its configuration and does not register\.$/m)
  expect(fetched).toContain('It says that it is a yealink T46G, and the inventory has a yealink T46U')
  const owner = createPool(site.url, 'owner', { max: 1 })
  await owner.query(
    `insert into asterisk.ps_contacts (id, uri, endpoint, expiration_time, user_agent)
     values ('1001-default^3B@x', 'sip:1001-default@192.0.2.7:5062^3Bx=1', '1001-default',
       extract(epoch from now()) + 600, $1)`,
    [AGENT],
  )
  await owner.end()
  const { stdout: working } = await site.offhook(['phone', 'show', PHONE])
  expect(working).toMatch(/^001565abcd01 works\.$/m)
  expect(working).toContain('registered from 192.0.2.7 (Yealink SIP-T46G')
  const [, listed] = await site.json('phones')
  expect(listed).toMatchObject([{ name: PHONE, state: 'working', firmware: '28.83.0.120' }])
}, 180_000)

test('phones that waited and are added by hand or by a list have that in their story', async () => {
  const patient = { timeout: 20_000, interval: 100 }
  const [added, listed] = ['00156500ff02', '00156500ff03']
  for (const mac of [added, listed]) expect(await ask(`${mac}.cfg`)).toBe(404)
  await vi.waitFor(async () => {
    const { stdout } = await site.offhook(['phones', '--waiting'])
    for (const mac of [added, listed]) expect(stdout).toContain(mac)
  }, patient)
  await site.offhook(['phone', 'add', added, '--model', 'T46G'])
  await site.offhook([
    'import',
    site.file('more.csv', `extension,last_name,mac,model\n1990,Waits,${listed},T46G\n`),
    '--apply',
  ])
  for (const mac of [added, listed])
    expect((await site.offhook(['phone', 'show', mac])).stdout).toContain('was in no list yet')
})
