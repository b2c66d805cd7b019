import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addLocation, changeLocation } from '../../src/people/locations.ts'
import { changeSettings } from '../../src/people/settings/settings.ts'
import { Secret } from '../../src/model/secret.ts'
import { bundle } from '../support/debian/bundle.ts'
import { families, openSite, type Site } from './open-site.ts'

const PHONES = {
  yealink: { mac: '001565abcd01', model: 'T46U', open: (key: string) => ['-aes-128-ecb', '-K', hex(key)] },
  grandstream: { mac: '000b82abcd02', model: 'GXP2130', open: (key: string) => [...SALTED, '-k', key] },
  cisco: { mac: '0002fdabcd03', model: 'SPA504G', open: (key: string) => [...SALTED, '-k', key] },
  snom: { mac: '000413abcd04', model: 'D785', open: () => null },
}
const FILES: Record<keyof typeof PHONES, (mac: string) => string> = {
  yealink: (mac) => `${mac}.cfg`,
  grandstream: (mac) => `cfg${mac}.xml`,
  cisco: (mac) => `${mac}.xml`,
  snom: (mac) => `snomD785-${mac.toUpperCase()}.htm`,
}
const SALTED = ['-aes-256-cbc', '-md', 'md5']
const KEY = 'Key0fThisSite123'
const hex = (text: string) => Buffer.from(text).toString('hex')
const LEARNT = '6 minutes'

let site: Site
let openssl: string
beforeAll(async () => {
  openssl = (await bundle('tools')).program('openssl')
  site = await openSite()
  await addLocation(site.desk, site.desk.acme, { name: 'Wien' }, 'test')
  const rows = Object.values(PHONES).map(({ mac, model }, at) => `100${at},Abel,${mac},${model},Wien`)
  await site.importPeople(['extension,last_name,mac,model,location', ...rows, ''].join('\n'))
})
afterAll(() => site.close())

const decrypt = (words: readonly string[], input: Buffer) =>
  execFileSync(openssl, ['enc', '-d', ...words], { input, stdio: 'pipe' }).toString()
const fetch = async (name: keyof typeof PHONES, as: 'owner' | 'stranger' = 'owner') => {
  const { mac } = PHONES[name]
  const token = as === 'owner' ? await site.tokenOf(mac) : null
  return (await site.ask({ token, file: FILES[name](mac) }))?.bytes
}
const say = (settings: Record<string, unknown>) =>
  changeLocation(site.desk, site.desk.acme, 'Wien', { settings }, 'test')
/** As if phones had come with their address so long ago; null: never. A touched location has them read anew. */
const came = async (ago: string | null) => {
  const fresh = `select count(*)::int as count from offhook.devices where sealed_at is null and family = any ($1)`
  if (ago !== null)
    await soon(async () => expect((await site.database.query(fresh, [cameOnce])).rows).toEqual([{ count: 0 }]))
  await site.database.query('update offhook.devices set sealed_at = now() - $1::interval', [ago])
  await site.database.query('update offhook.locations set settings = settings')
}
const cameOnce = ['yealink', 'grandstream', 'cisco-spa']
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 100 })
const isPlain = (bytes: Buffer | undefined) => bytes!.includes('-acme')

test('a phone is told its key in plain and gets its file encrypted from then on, as its maker wants it', async () => {
  await say({ fileKey: new Secret(KEY) })
  for (const name of ['yealink', 'grandstream', 'cisco'] as const)
    await soon(async () => expect((await fetch(name))!.includes(KEY)).toBe(true))
  await say({ encryptFiles: true })
  await came(LEARNT)
  for (const name of ['yealink', 'grandstream', 'cisco'] as const) {
    await soon(async () => expect(isPlain(await fetch(name))).toBe(false))
    const bytes = (await fetch(name))!
    expect(bytes.includes(KEY)).toBe(false)
    const text = decrypt(PHONES[name].open(KEY), bytes)
    expect(text).toContain('-acme')
    expect(text).toContain(KEY)
  }
}, 60_000)

test('a phone that comes for the first time, or by a release, gets a file that it can read', async () => {
  await came(null)
  await soon(async () => expect(isPlain(await fetch('yealink'))).toBe(true))
  expect(isPlain(await fetch('yealink'))).toBe(true)
  for (const name of ['grandstream', 'cisco'] as const) await fetch(name)
  await came(LEARNT)
  await soon(async () => expect(isPlain(await fetch('yealink'))).toBe(false))
  await site.release(site.desk.acme, await site.idOf(PHONES.yealink.mac))
  await soon(async () => expect(isPlain(await fetch('yealink', 'stranger'))).toBe(true))
  expect(isPlain(await fetch('yealink'))).toBe(true)
}, 60_000)

test('phones whose maker published no way get their files as they are, and an admin reads all of them', async () => {
  await came(LEARNT)
  await soon(async () => expect(isPlain(await fetch('grandstream'))).toBe(false))
  expect(isPlain(await fetch('snom'))).toBe(true)
  const shown = await site.boot.render(
    await site.idOf(PHONES.grandstream.mac),
    FILES.grandstream(PHONES.grandstream.mac),
  )
  expect(isPlain(shown!.bytes)).toBe(true)
})

test('the key is nowhere in the database as it is, and the same file is the same bytes', async () => {
  const { rows } = await site.database.query('select settings::text from offhook.locations')
  expect(JSON.stringify(rows)).toContain('sealed')
  expect(JSON.stringify(rows)).not.toContain(KEY)
  const { rows: audit } = await site.database.query('select detail::text from offhook.audit')
  expect(JSON.stringify(audit)).not.toContain(KEY)
  expect(await fetch('grandstream')).toEqual(await fetch('grandstream'))
})

test('an encrypted file shows nothing to whoever is on the way, a plain one does', async () => {
  const exposed = async () => {
    const { rows } = await site.database.query(
      'select d.family from offhook.device_exposures x join offhook.devices d on d.id = x.device_id order by 1',
    )
    return rows.map(({ family }: { family: string }) => family)
  }
  await came(LEARNT)
  await soon(async () => expect(isPlain(await fetch('grandstream'))).toBe(false))
  await soon(async () => expect(await exposed()).toContain('snom'))
  await site.database.query('delete from offhook.device_exposures')
  await fetch('grandstream')
  await fetch('snom')
  await soon(async () => expect(await exposed()).toEqual(['snom']))
})

test('no phone is left with a key that it was never told: that is refused, or said', async () => {
  const OTHER = new Secret('AnotherKey123456')
  const change = (set: Record<string, unknown>, which = 'Wien') => {
    const place = { layer: 'location', which } as const
    return changeSettings(site.desk, site.desk.acme, place, { changes: { set }, families }, 'test')
  }
  const untold = async (set: Record<string, unknown>, which?: string) =>
    (await change(set, which)).unfit
      .filter(({ reason }) => reason.startsWith('fetched no file'))
      .map(({ model }) => model)
  await came(LEARNT)
  const refused = { code: 'input-invalid', message: expect.stringMatching(/^3 phones could not open a file/) as string }
  await expect(change({ fileKey: OTHER })).rejects.toMatchObject(refused)
  await expect(change({ fileKey: OTHER, encryptFiles: true })).rejects.toMatchObject(refused)
  await expect(say({ fileKey: OTHER })).rejects.toMatchObject({ code: 'input-invalid' })
  expect(await untold({ fileKey: new Secret(KEY) }), 'the same key again').toEqual([])
  expect(await untold({ fileKey: OTHER, encryptFiles: false })).toEqual([])
  expect(await untold({ encryptFiles: true })).toEqual(['SPA504G', 'GXP2130', 'T46U'])
  await change({ encryptFiles: false })
  for (const name of ['yealink', 'grandstream', 'cisco'] as const)
    await soon(async () => expect((await fetch(name))!.includes('AnotherKey123456')).toBe(true))
  await soon(async () => {
    const models = await untold({ encryptFiles: true })
    await change({ encryptFiles: false })
    expect(models).toEqual([])
  })
  await addLocation(site.desk, site.desk.acme, { name: 'Graz' }, 'test')
  expect(await untold({ fileKey: OTHER, encryptFiles: true }, 'Graz'), 'a site before its first phone').toEqual([])
}, 60_000)
