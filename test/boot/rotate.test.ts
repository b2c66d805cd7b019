import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findDevice } from '../../src/people/find-device.ts'
import { givePasswords } from '../../src/people/phones/login-phone.ts'
import { readStory } from '../../src/people/phones/read-story.ts'
import { rotateDevice } from '../../src/people/rotate-device.ts'
import { openSite, type Site } from './open-site.ts'

const ADA = '001565abcd01'
const BOB = '001565abcd02'

let site: Site
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(`extension,last_name,mac,model\n1001,Abel,${ADA},T46U\n1002,Bush,${BOB},T46U\n`)
})
afterAll(() => site.close())

const story = (mac: string) => readStory(site.desk, site.desk.acme, mac)
const rotate = async (mac: string, passwords: boolean) =>
  rotateDevice(site.desk, site.desk.acme, await findDevice(site.desk, site.desk.acme, mac), 'test', { passwords })
const bodyOf = async (mac: string, token: string | null) =>
  (await site.ask({ token, file: `${mac}.cfg` }))?.bytes.toString() ?? null
const settingsOf = (body: string | null, name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(body ?? '')?.[1]
const authOf = async (account: string) => {
  const { rows } = await site.database.query('select password_digest, md5_cred from asterisk.ps_auths where id = $1', [
    account,
  ])
  return rows[0] as { password_digest: string }
}

test('a phone whose address was changed comes with the old one inside a release, and gets the new one', async () => {
  const old = await site.tokenOf(ADA)
  expect(await bodyOf(ADA, old)).not.toBeNull()
  await rotate(ADA, false)
  await vi.waitFor(async () => expect(await bodyOf(ADA, old)).toBeNull())
  expect((await story(ADA)).released_until).toBeNull()
  await site.release(site.desk.acme, await site.idOf(ADA))
  const body = await vi.waitFor(async () => {
    const found = await bodyOf(ADA, old)
    expect(found).not.toBeNull()
    return found
  })
  const fresh = await site.tokenOf(ADA)
  expect(fresh).not.toBe(old)
  expect(body).toContain(`/${fresh}/`)
  // Another phone's old address is as good as none.
  expect(await bodyOf(BOB, old)).toBeNull()
  await vi.waitFor(async () => {
    const { contacts } = await story(ADA)
    expect(contacts.map(({ outcome, way }) => [outcome, way])).toEqual(
      expect.arrayContaining([['served', 'token'], ['served', 'window'], ['token-unknown', null]]), // prettier-ignore
    )
  })
})

test('what left over plain HTTP is marked until its passwords are new; over HTTPS nothing is', async () => {
  const token = await site.tokenOf(BOB)
  await site.ask({ transport: 'https', token, file: `${BOB}.cfg`, address: '192.0.2.5' })
  await vi.waitFor(async () => expect((await story(BOB)).contacts).toHaveLength(1))
  expect((await story(BOB)).exposed).toBeNull()
  const before = (await site.ask({
    transport: 'http',
    token,
    file: `${BOB}.cfg`,
    address: '192.0.2.6',
  }))!.bytes.toString()
  await vi.waitFor(async () =>
    expect((await story(BOB)).exposed).toMatchObject({ transport: 'http', address: '192.0.2.6' }),
  )
  await rotate(BOB, false)
  expect((await story(BOB)).exposed).not.toBeNull()

  await givePasswords(site.desk, site.desk.acme, { deviceId: await site.idOf(BOB), renew: false }, 'test')
  const auth = await authOf('1002-acme')
  const ada = await authOf('1001-acme')
  await rotate(BOB, true)
  expect((await story(BOB)).exposed).toBeNull()
  expect(await authOf('1002-acme')).not.toEqual(auth)
  expect(await authOf('1001-acme')).toEqual(ada)
  const { rows } = await site.database.query('select count(*)::int as count from offhook.device_logins')
  expect(rows).toEqual([{ count: 0 }])
  const fresh = await site.tokenOf(BOB)
  const after = await vi.waitFor(async () => {
    const body = await bodyOf(BOB, fresh)
    expect(body).not.toBeNull()
    return body
  })
  for (const name of ['account\\.1\\.password', 'static\\.security\\.user_password']) {
    expect(settingsOf(after, name), name).toBeTruthy()
    expect(settingsOf(after, name), name).not.toBe(settingsOf(before, name))
  }
  expect(await bodyOf(BOB, token)).toBeNull()
})
