import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startPhonesListener } from '../../src/http/phones-listener.ts'
import { startTftpServer } from '../../src/tftp/server.ts'
import { KEPT_CONTACTS, KEPT_WAITING } from '../../src/boot/write-story.ts'
import { RawClient, readRequest } from '../tftp/raw-client.ts'
import { openSite, type Site } from './open-site.ts'

const ADA = '001565abcd01'
const BOB = '001565abcd02'
const AGENT = 'Yealink SIP-T46G 28.83.0.120 00:15:65:ab:cd:01'
const CSV = `extension,first_name,mac,model\n1001,Ada,${ADA},T46U\n1002,Bob,${BOB},T46U\n`

type Row = Record<string, unknown>

let site: Site
let http: Awaited<ReturnType<typeof startPhonesListener>>
let tftp: Awaited<ReturnType<typeof startTftpServer>>

beforeAll(async () => {
  site = await openSite()
  expect((await site.importPeople(CSV)).problems).toEqual([])
  const { answer } = site.boot
  http = await startPhonesListener({
    address: '127.0.0.1',
    port: 0,
    answer,
    log: site.log,
    writeAccess: () => undefined,
  })
  tftp = await startTftpServer({ address: '127.0.0.1', port: 0, allow: ['127.0.0.0/8'], answer, log: site.log })
})
afterAll(async () => {
  await http.close()
  await tftp.close()
  await site.close()
})

const get = async (path: string, userAgent = AGENT) => {
  const answer = await fetch(`http://127.0.0.1:${http.port}/${path}`, { headers: { 'User-Agent': userAgent } })
  return `${answer.status} ${(await answer.text()).length > 0 ? 'bytes' : 'nothing'}`
}

const story = async (mac: string): Promise<Row[]> => {
  const { rows } = await site.database.query(
    `select c.transport, c.address, c.file, c.outcome, c.family, c.model, c.firmware, c.times, c.bytes > 0 as bytes
     from offhook.device_contacts c join offhook.devices d on d.id = c.device_id where d.mac = $1 order by c.id`,
    [mac],
  )
  return rows as Row[]
}

const last = (mac: string, row: Row) =>
  vi.waitFor(async () => expect((await story(mac)).at(-1)).toMatchObject(row), { timeout: 5_000, interval: 50 })

test('a phone’s story tells what it got, what it is, and from where; the same within a moment is one row that counts', async () => {
  const token = await site.tokenOf(ADA)
  expect(await get(`${token}/${ADA}.cfg`)).toBe('200 bytes')
  expect(await get(`${token}/${ADA}.cfg`)).toBe('200 bytes')
  await last(ADA, {
    ...{ transport: 'http', address: '127.0.0.1', file: `${ADA}.cfg`, outcome: 'served', bytes: true, times: 2 },
    ...{ family: 'yealink', model: 'T46G', firmware: '28.83.0.120' },
  })
  const { rows } = await site.database.query('select name, etag from offhook.device_files')
  const tags = await site.boot.tagsOf(await site.idOf(ADA))
  expect((rows as Row[]).map(({ name, etag }) => [name, etag])).toEqual(
    [...tags!].filter(([name]) => (rows as Row[]).some((row) => row['name'] === name)),
  )
  expect(rows).toHaveLength(1)
})

test('why it got nothing is in the story alone: every refusal on the wire is the same', async () => {
  const [ada, bob] = [await site.tokenOf(ADA), await site.tokenOf(BOB)]
  const refused: [path: string, mac: string, outcome: string][] = [
    [`${ADA}.cfg`, ADA, 'not-released'],
    [`AAAAAAAAAAAAAAAAAAAAAA/${ADA}.cfg`, ADA, 'token-unknown'],
    [`${ada}/${BOB}.cfg`, ADA, 'other-phone'],
    [`${ada}/linphone.xml`, ADA, 'other-family'],
    [`${ada}/firmware.rom`, ADA, 'unknown-file'],
    [`${ada}/${ADA}.boot`, ADA, 'absent'],
    [`${BOB}.cfg`, BOB, 'not-released'],
  ]
  for (const [path, mac, outcome] of refused) {
    expect(await get(path, ''), path).toBe('404 nothing')
    await last(mac, { outcome })
  }
  expect(await get(`${bob}/${BOB}.cfg`)).toBe('200 bytes')
  await last(BOB, { outcome: 'served' })
  await vi.waitFor(async () => {
    const { rows } = await site.database.query('select sealed_at from offhook.devices where mac = $1', [BOB])
    expect((rows as Row[])[0]).toMatchObject({ sealed_at: expect.any(Date) as Date })
  })
  await site.database.query(
    `insert into offhook.release_windows (tenant_id, device_id, opened_at, closes_at, opened_by)
     values ($1, null, now() - interval '1 hour', now() + interval '1 hour', 'test')`,
    [site.desk.acme.id],
  )
  await vi.waitFor(
    async () => {
      await site.ask({ file: `${BOB}.cfg` })
      await last(BOB, { outcome: 'sealed' })
    },
    { timeout: 15_000, interval: 200 },
  )
  expect(JSON.stringify(await story(ADA))).not.toContain(ada)
})

test('TFTP is told apart, and that the tenant did not agree to it', async () => {
  const token = await site.tokenOf(ADA)
  const client = await RawClient.open()
  await client.send(readRequest(`${token}/${ADA}.cfg`), tftp.port)
  expect((await client.next())!.packet.subarray(0, 4)).toEqual(Buffer.from([0, 5, 0, 1]))
  await client.close()
  await last(ADA, { transport: 'tftp', outcome: 'tftp-consent', file: `${ADA}.cfg`, model: null })
})

test('an unknown phone waits with what it said, once however often it asks', async () => {
  for (let times = 0; times < 3; times++)
    expect(await get('00156500ff01.cfg', AGENT.replace(/ 00:.*/, ''))).toBe('404 nothing')
  await site.ask({ file: '00156500ff01.cfg', userAgent: '\u001b]0;own you\u0007' })
  await vi.waitFor(async () => {
    const { rows } = await site.database.query('select * from offhook.waiting_phones where mac = $1', ['00156500ff01'])
    expect(rows).toMatchObject([
      {
        mac: '00156500ff01',
        address: '127.0.0.1',
        contacts: 4,
        model: 'T46G',
        outcome: 'not-released',
        family: 'yealink',
      },
    ])
    expect((rows as { user_agent: string }[])[0]!.user_agent).toMatch(/^[ -~]*$/)
  })
})

test('however many ask, only so many are kept of a source and of a phone', async () => {
  const ids = Array.from({ length: KEPT_WAITING.perSource + 500 }, (_, at) => (0x100000 + at).toString(16))
  for (const id of ids) await site.ask({ file: `001565${id}.cfg`, address: '192.0.2.9' })
  for (const address of ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'])
    await site.ask({ file: '001565200000.cfg', address })
  const token = await site.tokenOf(BOB)
  for (let at = 0; at < 300; at++) await site.ask({ token, file: `x${at}.rom` })
  await last(BOB, { file: 'x299.rom' })
  await vi.waitFor(async () => {
    const { rows } = await site.database.query(
      `select (select count(*)::int from offhook.waiting_phones where address = '192.0.2.9') as source,
         (select count(*)::int from offhook.waiting_phones where address like '2001%') as others,
         (select count(*)::int from offhook.device_contacts where file like 'x%.rom') as contacts`,
    )
    expect(rows).toEqual([{ source: KEPT_WAITING.perSource, others: 3, contacts: KEPT_CONTACTS }])
  })
  expect(site.boot.droppedContacts).toBe(0)
})

test('a new address empties what a phone is known to have', async () => {
  const id = await site.idOf(ADA)
  await site.database.query(`update offhook.devices set token_sha256 = sha256('x'), token = token where id = $1`, [id])
  const { rows } = await site.database.query('select 1 from offhook.device_files where device_id = $1', [id])
  expect(rows).toEqual([])
})

test('while the database is away contacts wait within a bound, and what does not fit is counted', async () => {
  site.gate.cut()
  for (let at = 0; at < 20_100; at++)
    await site.ask({ file: `001565${(0x300000 + at).toString(16)}.cfg` }).catch(() => undefined)
  expect(site.boot.droppedContacts).toBeGreaterThanOrEqual(100)
  site.gate.open()
})
