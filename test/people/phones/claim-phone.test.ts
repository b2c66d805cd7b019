import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findDrift } from '../../../src/people/find-drift.ts'
import { addFreePhone } from '../../../src/people/phones/add-phone.ts'
import { claimPhone } from '../../../src/people/phones/claim-phone.ts'
import { diagnosePhone } from '../../../src/people/phones/diagnose-phone.ts'
import { listStories, readStory } from '../../../src/people/phones/read-story.ts'
import { describePhone } from '../../../src/cli/describe-phone.ts'
import { createPool } from '../../../src/db/pool.ts'
import { listModels } from '../../../src/boot/list-models.ts'
import { families } from '../../phones/shipped.ts'
import { importCsv } from '../import-csv.ts'
import { openTestDesk } from '../open-test-desk.ts'
import type pg from 'pg'

const MAC = '001565000009'

const { database, desk } = await openTestDesk()
let owner: pg.Pool
let user: number

beforeAll(async () => {
  owner = createPool(database.url, 'owner', { max: 1 })
  await importCsv(desk, desk.acme, 'extension,last_name\n1001,Abel\n')
  const { rows } = await database.query('select user_id from offhook.extensions')
  user = (rows[0] as { user_id: number }).user_id
})
beforeEach(async () => {
  for (const table of ['waiting_phones', 'release_windows', 'lines', 'devices'])
    await database.query(`delete from offhook.${table}`)
})
afterAll(() => owner.end())

const claim = (more: object = {}) =>
  claimPhone(desk, owner, desk.acme, { mac: '00:15:65:00:00:09', user, minutes: 15, ...more }, 'test')

async function wait(userAgent: string, model: string | null): Promise<void> {
  await database.query(
    `insert into offhook.waiting_phones (mac, address, first_at, last_at, contacts, transport, file, user_agent, model, outcome)
     values ($1, '192.0.2.7', now(), now(), 1, 'pnp', '', $2, $3, 'not-released')`,
    [MAC, userAgent, model],
  )
}

async function readDevice(): Promise<unknown> {
  const { rows } = await database.query(
    `select d.mac, d.model, d.user_id, e.name as account, w.closes_at > now() as open from offhook.devices d
     left join offhook.lines l on l.device_id = d.id left join offhook.endpoints e on e.id = l.endpoint_id
     left join offhook.release_windows w on w.device_id = d.id`,
  )
  return rows
}

const CLAIMED = { mac: MAC, model: 'T46U', account: '1001-acme', open: true }

test.each([
  ['its User-Agent', 'Yealink SIP-T46U 108.86.0.20', 'T46U'],
  ['what it said by multicast', 'Yealink T46U 108.86.0.20', null],
])('a phone is of the model that follows from %s', async (_, userAgent, model) => {
  await wait(userAgent, model)
  expect(await claim()).toMatchObject({ mac: MAC, model: 'T46U' })
  expect(await readDevice()).toEqual([{ ...CLAIMED, user_id: user }])
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
})

test('a phone that nobody has heard of needs a model, and one that said nothing does too', async () => {
  await expect(claim()).rejects.toMatchObject({
    code: 'input-invalid',
    message: expect.stringMatching(/has not asked .* --model/) as string,
  })
  await wait('OEM OEM 1.0', null)
  await expect(claim()).rejects.toMatchObject({
    code: 'input-invalid',
    message: expect.stringMatching(/did not say .* --model/) as string,
  })
  await database.query('delete from offhook.waiting_phones')
  await wait('Yealink SIP-T99X 99.86.0.15', 'T99X')
  await expect(claim()).rejects.toMatchObject({
    code: 'input-invalid',
    message: expect.stringMatching(/says that it is a T99X, which no family knows.* --model/) as string,
  })
  expect(await readDevice()).toEqual([])
  expect(await claim({ model: 'Yealink SIP-T46U' })).toMatchObject({ model: 'T46U' })
})

test('a phone in stock is taken from there', async () => {
  await addFreePhone(desk, desk.acme, { mac: MAC, model: 'T46U' }, 'test')
  expect(await claim()).toMatchObject({ model: 'T46U' })
  expect(await readDevice()).toEqual([{ ...CLAIMED, user_id: user }])
})

test('nothing is done where the time is none, and a phone of another tenant is not taken', async () => {
  await expect(claim({ model: 'T46U', minutes: 0 })).rejects.toMatchObject({ code: 'input-invalid' })
  expect(await readDevice()).toEqual([])
  await addFreePhone(desk, desk.zeta, { mac: MAC, model: 'T46U' }, 'test')
  await expect(claim({ model: 'T46U' })).rejects.toMatchObject({ code: 'already-there' })
})

test('what a phone asked for while it waited is the beginning of its story', async () => {
  await database.query(
    `insert into offhook.waiting_phones (mac, address, first_at, last_at, contacts, transport, file, user_agent, family,
       model, firmware, outcome) values ($1, '192.0.2.7', '2026-01-01T09:00:00Z', '2026-01-01T09:30:00Z', 7, 'http',
       $1 || '.cfg', 'Yealink SIP-T46U 108.86.0.20', 'yealink', 'T46U', '108.86.0.20', 'not-released')`,
    [MAC],
  )
  await claim()
  const story = await readStory(desk, desk.acme, MAC)
  expect(story.contacts).toEqual([
    {
      ...{ at: new Date('2026-01-01T09:30:00Z'), transport: 'http', address: '192.0.2.7', file: `${MAC}.cfg` },
      ...{ family: 'yealink', model: 'T46U', firmware: '108.86.0.20', outcome: 'unlisted', way: null, times: 7 },
      detail: '2026-01-01T09:00:00Z',
    },
  ])
  const diagnosis = diagnosePhone(story, { phonesUrl: 'http://x', sipHost: 'x', families: [] })
  expect(diagnosis).toMatchObject({
    ...{
      state: 'unseen',
      cause: 'It asked 2026-01-01T09:30:00Z from 192.0.2.7, when it was in no list, and not since.',
    },
    cure: 'Restart it: its release is open.',
  })
  const page = describePhone(story, diagnosis, { address: 'http://x/', steps: null })
  expect(page).toContain('was in no list yet (7 times, first 2026-01-01T09:00:00Z)')
  expect((await listStories(desk, desk.acme))[0]!.contacts).toMatchObject([{ outcome: 'unlisted' }])
  const { rowCount } = await database.query('select from offhook.waiting_phones')
  expect(rowCount).toBe(0)
})

test('a story that has begun is not begun anew by what waits since before', async () => {
  await addFreePhone(desk, desk.acme, { mac: MAC, model: 'T46U' }, 'test')
  await database.query(
    `insert into offhook.device_contacts (tenant_id, device_id, at, transport, address, file, user_agent, outcome)
     select tenant_id, id, now() + interval '1 minute', 'http', '192.0.2.7', 'x', '', 'served' from offhook.devices`,
  )
  await wait('Yealink SIP-T46U 108.86.0.20', 'T46U')
  await claim()
  expect((await readStory(desk, desk.acme, MAC)).contacts).toMatchObject([{ outcome: 'served' }])
  expect((await database.query('select from offhook.waiting_phones')).rowCount).toBe(0)
})

test('a base that a list calls by its package is the product that it is, and stays so when the list comes again', async () => {
  const shipped = { ...desk, models: listModels(families) }
  const csv = 'extension,last_name,mac,model\n1002,Base,001565000011,W73P\n'
  expect((await importCsv(shipped, desk.acme, csv)).problems).toEqual([])
  const { rows } = await database.query(`select model from offhook.devices where mac = '001565000011'`)
  expect(rows).toEqual([{ model: 'W70B' }])
  expect((await importCsv(shipped, desk.acme, csv)).counts).toMatchObject({ unchanged: 1, changed: 0 })
  const wanted = { mac: MAC, user, minutes: 15, model: 'Yealink W76P' }
  expect(await claimPhone(shipped, owner, desk.acme, wanted, 'test')).toMatchObject({ model: 'W70B' })
})
