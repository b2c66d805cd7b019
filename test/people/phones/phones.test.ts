import { beforeEach, expect, test } from 'vitest'
import { findDrift } from '../../../src/people/find-drift.ts'
import { findDevice } from '../../../src/people/find-device.ts'
import { addFreePhone, addPhone, assignPhone } from '../../../src/people/phones/add-phone.ts'
import { removePhone } from '../../../src/people/phones/remove-phone.ts'
import { readStory } from '../../../src/people/phones/read-story.ts'
import { swapPhone } from '../../../src/people/phones/swap-phone.ts'
import type { Secret } from '../../../src/model/secret.ts'
import { importCsv } from '../import-csv.ts'
import { dumpTables } from '../open-desk.ts'
import { openTestDesk } from '../open-test-desk.ts'

const [FIRST, SECOND, STOCK] = ['001565000001', '001565000002', '000b82000003'] as const

const { database, desk } = await openTestDesk()
let users: Map<string, number>

beforeEach(async () => {
  await database.query('delete from offhook.keys')
  await database.query(
    'delete from offhook.devices d where not exists (select from offhook.lines where device_id = d.id)',
  )
  await importCsv(desk, desk.acme, 'extension,last_name\n9000,Last\n', { prune: true })
  await importCsv(
    desk,
    desk.acme,
    `extension,last_name,mac,model,sip_mode\n1001,Abel,${FIRST},T46U,\n1002,Boot,,,\n1003,Web,,,webrtc\n`,
  )
  const { rows } = await database.query('select user_id, number from offhook.extensions')
  users = new Map((rows as { user_id: number; number: string }[]).map((row) => [row.number, row.user_id]))
})

const user = (number: string) => users.get(number)!

async function listLines(): Promise<string[]> {
  const { rows } = await database.query(
    `select d.mac, d.model, l.position, e.name from offhook.devices d left join offhook.lines l on l.device_id = d.id
     left join offhook.endpoints e on e.id = l.endpoint_id order by d.mac, l.position`,
  )
  return (rows as Record<string, string | number | null>[]).map(({ mac, model, position, name }) =>
    [mac, model, position, name].filter((value) => value !== null).join(' '),
  )
}

async function tokenOf(mac: string): Promise<string> {
  return ((await findDevice(desk, desk.acme, mac)).device['token'] as Secret).reveal()
}

async function expectNoDrift(): Promise<void> {
  expect(await findDrift(desk, desk.acme, { fix: false, actor: 'test' })).toMatchObject({ changes: [], problems: [] })
}

test('somebody gets a second phone beside the first, and gives it back without a trace', async () => {
  const before = await dumpTables(database)
  await addPhone(desk, desk.acme, { user: user('1001'), mac: '00:15:65:00:00:02', model: 't46u', line: 2 }, 'test')
  expect(await listLines()).toEqual([`${FIRST} T46U 1 1001-acme`, `${SECOND} T46U 2 1001-acme`])
  await expectNoDrift()
  const again = await importCsv(desk, desk.acme, 'extension,last_name\n1001,Abel\n', { update: true })
  expect(again.counts).toMatchObject({ unchanged: 1 })
  await removePhone(desk, desk.acme, { mac: SECOND }, 'test')
  expect(await dumpTables(database)).toEqual(before)
  const { rows } = await database.query(
    `select action, object from offhook.audit where action like 'phone%' order by id`,
  )
  expect(rows).toEqual([
    { action: 'phone-add', object: SECOND },
    { action: 'phone-remove', object: SECOND },
  ])
})

test('a phone from stock becomes somebody’s, then is shared, then is stock again with a new address', async () => {
  await addFreePhone(desk, desk.acme, { mac: STOCK, model: 'GRP2614' }, 'test')
  await assignPhone(desk, desk.acme, { user: user('1002'), mac: STOCK }, 'test')
  await assignPhone(desk, desk.acme, { user: user('1001'), mac: STOCK }, 'test')
  expect(await listLines()).toEqual([
    `${STOCK} GRP2614 1 1002-acme`,
    `${STOCK} GRP2614 2 1001-acme`,
    `${FIRST} T46U 1 1001-acme`,
  ])
  const owner = await database.query('select user_id from offhook.devices where mac = $1', [STOCK])
  expect((owner.rows[0] as { user_id: number }).user_id).toBe(user('1002'))
  const old = await tokenOf(STOCK)
  await removePhone(desk, desk.acme, { mac: STOCK, keep: true }, 'test')
  expect(await listLines()).toEqual([`${STOCK} GRP2614`, `${FIRST} T46U 1 1001-acme`])
  expect(await tokenOf(STOCK)).not.toBe(old)
  await expectNoDrift()
})

test('a hot swap keeps lines, keys and settings under a new address, and takes the new phone from stock', async () => {
  await database.query(`update offhook.devices set settings = '{"volume":3}', sealed_at = now() where mac = $1`, [
    FIRST,
  ])
  await database.query(
    `insert into offhook.keys (tenant_id, device_id, position, kind, value)
     select tenant_id, id, 1, 'blf', '1002' from offhook.devices where mac = $1`,
    [FIRST],
  )
  const old = await tokenOf(FIRST)
  await database.query(
    `insert into offhook.device_contacts (tenant_id, device_id, at, transport, address, file, user_agent, outcome)
     select tenant_id, id, now(), 'http', '192.0.2.7', mac || '.cfg', '', 'served' from offhook.devices where mac = $1`,
    [FIRST],
  )
  await swapPhone(desk, desk.acme, { mac: FIRST, by: SECOND }, 'test')
  expect(await readStory(desk, desk.acme, SECOND)).toMatchObject({ contacts: [], last_served: null })
  await addFreePhone(desk, desk.acme, { mac: STOCK, model: 'GRP2614' }, 'test')
  await swapPhone(desk, desk.acme, { mac: SECOND, by: STOCK }, 'test')
  expect(await listLines()).toEqual([`${STOCK} GRP2614 1 1001-acme`])
  const { rows } = await database.query(
    'select settings, sealed_at, k.value from offhook.devices d join offhook.keys k on k.device_id = d.id',
  )
  expect(rows).toEqual([{ settings: { volume: 3 }, sealed_at: null, value: '1002' }])
  expect(await tokenOf(STOCK)).not.toBe(old)
  await expectNoDrift()
})

test('who asks for the story of a phone that is in no list is told where such phones stand', async () => {
  await expect(readStory(desk, desk.acme, '00:15:65:00:00:77')).rejects.toMatchObject({
    code: 'device-unknown',
    message: expect.stringMatching(/has no phone 00:15:65:00:00:77\..*phones --waiting/) as string,
  })
  await expect(readStory(desk, desk.acme, 'ada/linphone')).rejects.toMatchObject({
    message: 'The tenant acme has no phone ada/linphone.',
  })
})

test('what cannot be is refused by name, and nothing is written', async () => {
  await importCsv(desk, desk.zeta, `extension,last_name,mac,model\n1001,Zorn,001565000009,T46U\n`)
  await addFreePhone(desk, desk.acme, { mac: STOCK, model: 'GRP2614' }, 'test')
  await addPhone(desk, desk.acme, { user: user('1002'), mac: SECOND, model: 'T46U', line: 9 }, 'test')
  const before = await dumpTables(database)
  const refused = async (work: Promise<unknown>, code: string, words: string) =>
    expect(await work.catch((error: unknown) => error)).toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    })
  const add = (mac: string, model: string, number = '1001', line?: number) =>
    addPhone(desk, desk.acme, { user: user(number), mac, model, line }, 'test')
  await refused(add('0015650000', 'T46U'), 'input-invalid', 'MAC address')
  await refused(add('001565000004', 'GRP2641'), 'input-invalid', 'Did you mean GRP2614?')
  await refused(add('001565000004', 'Linphone'), 'input-invalid', 'desk phones')
  await refused(add('001565000004', 'T46U', '1001', 17), 'input-invalid', 'lines 1 to 16')
  await refused(add('001565000004', 'T46U', '1003'), 'input-invalid', 'no account for a desk phone')
  await refused(add('001565000009', 'T46U'), 'already-there', 'in use on this system')
  await refused(add(FIRST, 'T46U'), 'already-there', 'phone assign')
  await refused(assignPhone(desk, desk.acme, { user: user('1001'), mac: FIRST }, 'test'), 'already-there', 'is on the')
  await refused(assignPhone(desk, desk.acme, { user: user('1001'), mac: '001565000004' }, 'test'), 'device-unknown', '')
  await refused(assignPhone(desk, desk.acme, { user: 4711, mac: STOCK }, 'test'), 'user-unknown', '4711')
  await refused(
    assignPhone(desk, desk.acme, { user: user('1002'), mac: FIRST, line: 1 }, 'test'),
    'in-use',
    'belongs to another account',
  )
  await refused(swapPhone(desk, desk.acme, { mac: FIRST, by: SECOND }, 'test'), 'in-use', 'Somebody is on the phone')
  await refused(swapPhone(desk, desk.acme, { mac: SECOND, by: STOCK }, 'test'), 'input-invalid', 'line 9 is in use')
  await refused(swapPhone(desk, desk.acme, { mac: FIRST, by: '001565000009' }, 'test'), 'already-there', 'in use')
  expect(await dumpTables(database)).toEqual(before)
})
