import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openSite, type Site } from './open-site.ts'

const ADA = '001565abcd01'
const BOB = '001565abcd02'
const CSV = `extension,first_name,mac,model\n1001,Ada,${ADA},T46U\n1002,Bob,${BOB},T46U\n`

let site: Site
const names: Record<string, number> = {}
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(CSV)
  const { rows } = await site.database.query(
    `with l as (insert into offhook.locations (tenant_id, name) values ($1, 'Here') returning id),
       p as (insert into offhook.profiles (tenant_id, name) values ($1, 'Usual') returning id)
     select l.id as location, p.id as profile from l, p`,
    [site.desk.acme.id],
  )
  Object.assign(names, (rows as object[])[0])
  await site.database.query(`update offhook.devices set location_id = $1, profile_id = $2 where mac = $3`, [
    ...[names['location'], names['profile'], ADA],
  ])
})
afterAll(() => site.close())

const changed = async (sql: string): Promise<string[]> => {
  await site.database.query('delete from offhook.changed_devices')
  await site.database.query(sql)
  const { rows } = await site.database.query(
    'select d.mac from offhook.changed_devices c join offhook.devices d on d.id = c.device_id order by d.mac',
  )
  return (rows as { mac: string }[]).map(({ mac }) => mac)
}

test('what nobody fetched yet concerns nobody', async () => {
  expect(await changed(`update offhook.extensions set label = 'Somebody'`)).toEqual([])
})

test('each change that a file may show names the phones that it is about, and no other change does', async () => {
  for (const mac of [ADA, BOB]) await site.ask({ token: await site.tokenOf(mac), file: `${mac}.cfg` })
  const files = () => site.database.query('select distinct device_id from offhook.device_files')
  await vi.waitFor(async () => expect((await files()).rows).toHaveLength(2), { timeout: 5_000 })
  const ada = `(select id from offhook.devices where mac = '${ADA}')`
  const about: Record<string, string[]> = {
    [`update offhook.devices set settings = '{"language": "fr"}' where mac = '${ADA}'`]: [ADA],
    [`update offhook.devices set sealed_at = now()`]: [],
    [`update offhook.lines set label = 'Desk' where device_id = ${ada}`]: [ADA],
    [`insert into offhook.keys (tenant_id, device_id, position, kind) select tenant_id, id, 5, 'dnd'
      from offhook.devices where mac = '${ADA}'`]: [ADA],
    [`delete from offhook.keys where device_id = ${ada}`]: [ADA],
    [`insert into offhook.keys (tenant_id, profile_id, position, kind) select tenant_id, profile_id, 6, 'dnd'
      from offhook.devices where mac = '${ADA}'`]: [ADA],
    [`update offhook.users set language = 'it' where first_name = 'Bob'`]: [BOB],
    [`update offhook.users set email = 'x' || id || '@example.org'`]: [],
    [`update offhook.extensions set label = 'Ada B' where number = '1001'`]: [ADA],
    [`update offhook.endpoints set secret = secret where name = '1002-acme'`]: [BOB],
    [`update offhook.locations set settings = '{"language": "es"}'`]: [ADA],
    [`update offhook.profiles set settings = '{"language": "es"}'`]: [ADA],
    [`update offhook.tenants set settings = '{"language": "de"}' where slug = 'acme'`]: [ADA, BOB],
    [`update offhook.tenants set name = name || '!'`]: [],
  }
  for (const [sql, macs] of Object.entries(about)) expect(await changed(sql), sql).toEqual(macs)
}, 60_000)
