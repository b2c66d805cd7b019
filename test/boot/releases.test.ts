import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openSite, type Site } from './open-site.ts'

const ADA = '001565abcd01'
const BOB = '001565abcd02'
const ZOE = '001565abcd09'
const CSV = `extension,last_name,mac,model\n1001,Abel,${ADA},T46U\n1002,Bush,${BOB},T46U\n`

const MINUTE_MS = 60_000

let site: Site
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(CSV)
  await site.importPeople(`extension,last_name,mac,model\n1001,Zorn,${ZOE},T46U\n`, {}, site.desk.zeta)
})
afterAll(() => site.close())
beforeEach(async () => {
  await site.database.query('delete from offhook.release_windows')
  await site.database.query('update offhook.devices set sealed_at = null')
  await site.database.query('update offhook.tenants set tftp_configs = false')
  await vi.waitFor(async () => expect(await byMac(ADA)).toBeNull())
})

const byMac = (mac: string, transport: 'http' | 'tftp' = 'http') => site.ask({ file: `${mac}.cfg`, transport })
const becomes = (mac: string, served: boolean) =>
  vi.waitFor(async () => expect((await byMac(mac)) !== null).toBe(served))
const sealedAt = async (mac: string) => {
  const { rows } = await site.database.query('select sealed_at from offhook.devices where mac = $1', [mac])
  return (rows as { sealed_at: Date | null }[])[0]!.sealed_at
}

test('a window of one phone lets this phone come by its MAC address, and ends by itself', async () => {
  await site.release(site.desk.acme, await site.idOf(ADA), 10)
  await becomes(ADA, true)
  expect(await byMac(BOB)).toBeNull()
  expect((await byMac(ADA))!.bytes.toString()).toContain('1001-acme')
  site.advance(9 * MINUTE_MS)
  expect(await byMac(ADA)).not.toBeNull()
  site.advance(2 * MINUTE_MS)
  expect(await byMac(ADA)).toBeNull()
})

test('a window of a tenant is for all of its phones and for no other tenant', async () => {
  await site.release(site.desk.acme, null)
  await becomes(ADA, true)
  expect(await byMac(BOB)).not.toBeNull()
  expect(await byMac(ZOE)).toBeNull()
  expect(await byMac('0015651234ff')).toBeNull()
})

test('a window that an admin closes is closed', async () => {
  await site.release(site.desk.acme, null)
  await becomes(ADA, true)
  await site.database.query('delete from offhook.release_windows')
  await becomes(ADA, false)
})

test('once a phone came with its token, the windows before that serve it no longer, later ones do', async () => {
  await site.release(site.desk.acme, null)
  await becomes(ADA, true)
  expect(await sealedAt(ADA)).toBeNull()
  const token = await site.tokenOf(ADA)
  expect(await site.ask({ token, file: `${ADA}.cfg` })).not.toBeNull()
  expect(await byMac(ADA), 'in the same moment').toBeNull()
  expect(await byMac(BOB)).not.toBeNull()
  await vi.waitFor(async () => expect(await sealedAt(ADA)).not.toBeNull())
  expect(await site.ask({ token, file: `${ADA}.cfg` }), 'the token serves always').not.toBeNull()
  expect(await byMac(ADA)).toBeNull()
  await site.release(site.desk.acme, await site.idOf(ADA))
  await becomes(ADA, true)
  expect(await site.ask({ token, file: `${ADA}.cfg` })).not.toBeNull()
  expect(await byMac(ADA), 'sealed again').toBeNull()
})

test('a seal that another process wrote counts here too', async () => {
  await site.release(site.desk.acme, null)
  await becomes(ADA, true)
  await site.database.query('update offhook.devices set sealed_at = now() where mac = $1', [ADA])
  await vi.waitFor(async () => expect(await byMac(ADA)).toBeNull(), { timeout: 5_000 })
  expect(await byMac(BOB)).not.toBeNull()
})

test('over TFTP a configuration needs the consent of the tenant and a window, with a token too', async () => {
  const token = await site.tokenOf(ADA)
  const withToken = () => site.ask({ token, file: `${ADA}.cfg`, transport: 'tftp' })
  await site.release(site.desk.acme, null)
  await becomes(ADA, true)
  expect(await byMac(ADA, 'tftp')).toBeNull()
  expect(await withToken()).toBeNull()
  await site.database.query(`update offhook.tenants set tftp_configs = true where slug = 'acme'`)
  await vi.waitFor(async () => expect(await byMac(ADA, 'tftp')).not.toBeNull())
  expect(await withToken()).not.toBeNull()
  site.advance(11 * MINUTE_MS)
  expect(await byMac(ADA, 'tftp')).toBeNull()
  expect(await withToken()).toBeNull()
})

test('a device that was deleted is gone, released or not', async () => {
  await site.importPeople(`extension,last_name,mac,model\n1009,Nine,001565abcd77,T46U\n`)
  const token = await site.tokenOf('001565abcd77')
  await site.release(site.desk.acme, null)
  await becomes('001565abcd77', true)
  await site.importPeople(CSV, { prune: true })
  await becomes('001565abcd77', false)
  expect(await site.ask({ token, file: '001565abcd77.cfg' })).toBeNull()
})
