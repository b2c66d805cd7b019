import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { assignProfile, addProfile } from '../../src/people/profiles.ts'
import { addLocation } from '../../src/people/locations.ts'
import { swapPhone } from '../../src/people/phones/swap-phone.ts'
import { changeSettings, clearSettings, viewSettings } from '../../src/people/settings/settings.ts'
import type { SettingsPlace } from '../../src/people/settings/settings-place.ts'
import { sealPlainSettings } from '../../src/people/settings/seal-plain-settings.ts'
import { findUnreadableSettings } from '../../src/people/settings/unreadable-settings.ts'
import { Secret } from '../../src/model/secret.ts'
import { sealSettings } from '../../src/secrets/sealed-settings.ts'
import { createVault } from '../../src/secrets/vault.ts'
import { createPool } from '../../src/db/pool.ts'
import { families, openSite, type Site } from './open-site.ts'

const [ADA, BOB, EVE] = ['001565abcd01', '001565abcd02', '000b82abcd03']
const CSV = `extension,first_name,mac,model,location
1001,Ada,${ADA},T46U,Wien
1002,Bob,${BOB},T46U,
1003,Eve,${EVE},GXP2130,Wien
`
const TENANT: SettingsPlace = { layer: 'tenant' }
const WIEN: SettingsPlace = { layer: 'location', which: 'Wien' }
const LOBBY: SettingsPlace = { layer: 'profile', which: 'Lobby' }
const PHONE: SettingsPlace = { layer: 'phone', which: ADA }

let site: Site
beforeAll(async () => {
  site = await openSite()
  await addLocation(site.desk, site.desk.acme, { name: 'Wien' }, 'test')
  await addProfile(site.desk, site.desk.acme, 'Lobby', 'test')
  await site.importPeople(CSV)
  await assignProfile(site.desk, site.desk.acme, { profile: 'Lobby', phones: [ADA] }, 'test')
})
afterAll(() => site.close())

const say = (place: SettingsPlace, set: Record<string, unknown>, unset: string[] = []) =>
  changeSettings(site.desk, site.desk.acme, place, { changes: { set, unset }, families }, 'test')
const fetchFile = async (mac: string) => {
  const file = mac === EVE ? `cfg${mac}.xml` : `${mac}.cfg`
  return (await site.ask({ token: await site.tokenOf(mac), file }))!.bytes.toString()
}
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 100 })
const reaches = (mac: string, words: string[], absent: string[] = []) =>
  soon(async () => {
    const text = await fetchFile(mac)
    for (const word of words) expect(text).toContain(word)
    for (const word of absent) expect(text).not.toContain(word)
  })
const originOf = async (mac: string, name: string) =>
  (await site.boot.explain(await site.idOf(mac))).find((setting) => setting.name === name)
const toBeTold = async () => {
  const { rows } = await site.database.query(
    'select d.mac from offhook.changed_devices c join offhook.devices d on d.id = c.device_id order by d.mac',
  )
  return (rows as { mac: string }[]).map(({ mac }) => mac)
}

test('what a tenant, location, profile and phone say reaches the files, the nearest one first', async () => {
  await say(TENANT, { userPassword: 'of-the-tenant', ntpServer: 'tenant.example.org' })
  await say(WIEN, { userPassword: 'of-the-site', ntpServer: 'site.example.org' })
  await reaches(BOB, ['of-the-tenant', 'tenant.example.org'])
  await reaches(EVE, ['of-the-site', 'site.example.org'], ['of-the-tenant'])
  await say(LOBBY, { userPassword: 'of-the-lobby' })
  await reaches(ADA, ['of-the-lobby', 'site.example.org'], ['of-the-site'])
  await say(PHONE, { userPassword: 'of-the-phone', ntpServer: null })
  await reaches(ADA, ['of-the-phone'], ['of-the-lobby', 'site.example.org'])
  expect(await originOf(ADA, 'userPassword')).toMatchObject({ origin: 'device' })
  expect(JSON.stringify(await site.boot.explain(await site.idOf(ADA)))).not.toContain('of-the-')
  for (const place of [TENANT, WIEN, LOBBY, PHONE]) await clearSettings(site.desk, site.desk.acme, place, 'test')
  await reaches(ADA, [], ['of-the-'])
})

test('the password of phones is random for each, unless somebody says one for several', async () => {
  const one = /security\.user_password = admin:(\S+)/
  const [ada, bob] = [one.exec(await fetchFile(ADA))![1], one.exec(await fetchFile(BOB))![1]]
  expect(ada).not.toBe(bob)
  await say(TENANT, { adminPassword: 'For-All-0f-Them' })
  for (const mac of [ADA, BOB]) await reaches(mac, ['For-All-0f-Them'])
  await say(TENANT, {}, ['adminPassword'])
  await reaches(ADA, [ada!])
})

test('half of a key or a line and words of other makers leave no phone without its file', async () => {
  await say(TENANT, {
    ...{ 'keys.5.kind': 'blf', 'keys.5.value': '1002', 'keys.6.label': 'nothing yet', 'lines.1.transport': 'tcp' },
    ...{ 'lines.7.transport': 'tls', 'raw.P1650': '1', 'raw.features.dnd.allow': '0' },
    'raw.static.wifi.1.password': 'Wifi-Hunter-2',
  })
  await reaches(ADA, ['1002', 'features.dnd.allow = 0', 'Wifi-Hunter-2'], ['nothing yet', 'P1650'])
  await reaches(EVE, ['P1650'], ['features.dnd', 'Wifi-Hunter'])
  expect(await originOf(EVE, 'raw.features.dnd.allow')).toMatchObject({
    ...{ origin: 'tenant', stops: expect.stringContaining('no raw setting') as string },
  })
  expect(JSON.stringify(await originOf(ADA, 'raw.static.wifi.1.password'))).toContain('***')
  await clearSettings(site.desk, site.desk.acme, TENANT, 'test')
})

test('a change is noted for the phones that have fetched and are concerned, and for no other', async () => {
  await soon(async () => {
    const { rows } = await site.database.query('select distinct device_id from offhook.device_files')
    expect(rows).toHaveLength(3)
  })
  const concerns = async (place: SettingsPlace) => {
    await site.database.query('delete from offhook.changed_devices')
    await say(place, { language: 'de' })
    const told = await toBeTold()
    await say(place, {}, ['language'])
    return told
  }
  expect(await concerns(TENANT)).toEqual([EVE, ADA, BOB])
  expect(await concerns(WIEN)).toEqual([EVE, ADA])
  expect(await concerns(LOBBY)).toEqual([ADA])
  expect(await concerns(PHONE)).toEqual([ADA])
})

test('what an earlier version stored in plain text is shown to nobody, reaches phones, and is sealed', async () => {
  const plain = { userPassword: 'Plain-Hunter-2', raw: { 'static.wifi.1.password': 'Plain-Hunter-3' }, mwi: false }
  for (const table of ['tenants', 'profiles', 'locations', 'devices'])
    await site.database.query(`update offhook.${table} set settings = $1`, [JSON.stringify(plain)])
  await reaches(ADA, ['Plain-Hunter-2', 'Plain-Hunter-3'])
  for (const place of [TENANT, WIEN, LOBBY, PHONE])
    expect(JSON.stringify(await viewSettings(site.desk, site.desk.acme, place))).not.toContain('Hunter')
  const owner = createPool(site.database.url, 'owner')
  expect(await sealPlainSettings(owner, site.desk.vault)).toEqual({ sealed: 2 + 1 + 1 + 3, unreadable: [] })
  expect(await sealPlainSettings(owner, site.desk.vault)).toEqual({ sealed: 0, unreadable: [] })
  await owner.end()
  const { rows } = await site.database.query(
    `select count(*)::int as rows from (select settings from offhook.tenants union all select settings from offhook.devices
       union all select settings from offhook.locations union all select settings from offhook.profiles) s
     where settings::text like '%Hunter%'`,
  )
  expect(rows).toEqual([{ rows: 0 }])
  expect(await viewSettings(site.desk, site.desk.acme, PHONE)).toMatchObject({ mwi: false })
  await site.database.query('update offhook.locations set settings = settings')
  await reaches(ADA, ['Plain-Hunter-2', 'Plain-Hunter-3'])
})

test('settings that another key sealed are named with their cure, shown, taken out, and keep nobody else waiting', async () => {
  const { rows } = await site.database.query(`select id, settings from offhook.profiles where name = 'Lobby'`)
  const [{ id, settings }] = rows as [{ id: number; settings: object }]
  const place = { tenant: 'acme', table: 'offhook.profiles', row: String(id) }
  const other = createVault(new Secret('another-key-of-a-database-that-was-moved-here'))
  const foreign = sealSettings(other, place, { ...settings, userPassword: new Secret('Lost-Hunter-9') })
  const store = (said: object) =>
    site.database.query('update offhook.profiles set settings = $2 where id = $1', [id, JSON.stringify(said)])
  await store({ ...foreign, raw: { 'static.wifi.1.password': 'Plain-Hunter-4' } })
  const owner = createPool(site.database.url, 'owner')
  const told = expect.stringMatching(
    /settings\.userPassword.*another OFFHOOK_KEY.*settings unset --all --profile 'Lobby' --tenant acme/s,
  ) as string
  expect(await sealPlainSettings(owner, site.desk.vault)).toEqual({ sealed: 0, unreadable: [told] })
  expect(await findUnreadableSettings(owner, site.desk.vault)).toEqual([told])
  await owner.end()
  await expect(say(LOBBY, { mwi: true })).rejects.toMatchObject({ code: 'key-wrong', message: told })
  const shown = JSON.stringify(await viewSettings(site.desk, site.desk.acme, LOBBY))
  expect(shown).toContain('"userPassword":"***"')
  expect(shown).not.toMatch(/Hunter|sealed/)
  await clearSettings(site.desk, site.desk.acme, LOBBY, 'test')
  await say(LOBBY, { userPassword: 'Plain-Hunter-2' })
})

test('a phone that takes the place of another has its settings, sealed ones too', async () => {
  await swapPhone(site.desk, site.desk.acme, { mac: ADA, by: '001565abcd09' }, 'test')
  await reaches('001565abcd09', ['Plain-Hunter-2'])
})
