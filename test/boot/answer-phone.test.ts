import { hash } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findDevice } from '../../src/people/find-device.ts'
import { rotateDevice } from '../../src/people/rotate-device.ts'
import { openSite, type Site } from './open-site.ts'

const ADA = '001565abcd01'
const BOB = '001565abcd02'
const ZOE = '001565abcd09'
const CSV = `extension,first_name,last_name,username,mac,model,language,timezone
1001,Ada,Abel,ada,${ADA},T46U,de,Europe/Berlin
1002,Bob,Bush,bob,${BOB},T46U,,
1003,Cleo,Clark,cleo,,Linphone,,
`

let site: Site
beforeAll(async () => {
  site = await openSite()
  expect((await site.importPeople(CSV)).problems).toEqual([])
  await site.importPeople(`extension,last_name,mac,model\n1001,Zorn,${ZOE},T46U\n`, {}, site.desk.zeta)
})
afterAll(() => site.close())

const text = (answer: { bytes: Buffer } | null) => answer?.bytes.toString() ?? null

test('a device token brings the files of its own phone, with its account, its language and its own address', async () => {
  const token = await site.tokenOf(ADA)
  const config = text(await site.ask({ token, file: `${ADA}.cfg` }))
  expect(config).toContain(`static.auto_provision.server.url = http://phones.example.org:8081/${token}/`)
  expect(config).toContain('account.1.user_name = 1001-acme')
  expect(config).toContain('account.1.label = 1001')
  expect(config).toContain('account.1.display_name = Ada Abel')
  expect(config).toContain('account.1.sip_server.1.address = pbx.example.org')
  expect(config).toContain('voice_mail.number.1 = *97')
  expect(config).toContain('lang.gui = German')
  expect(config).toMatch(/account\.1\.password = \S{16,}/)
  expect(text(await site.ask({ token, file: `${ADA.toUpperCase()}.CFG` }))).toBe(config)
  const softphone = await site.tokenOf('cleo/linphone')
  expect(text(await site.ask({ token: softphone, file: 'linphone.xml' }))).toContain('1003-acme')
})

test('the password in the file is the one that Asterisk holds a digest of', async () => {
  const { rows } = await site.database.query(
    `select realm, password_digest from asterisk.ps_auths where id = '1001-acme'`,
  )
  const config = text(await site.ask({ token: await site.tokenOf(ADA), file: `${ADA}.cfg` }))!
  const password = /account\.1\.password = (\S+)/.exec(config)![1]!
  const [auth] = rows as { realm: string; password_digest: string }[]
  expect(auth!.password_digest.toLowerCase()).toContain(hash('md5', `1001-acme:${auth!.realm}:${password}`))
})

test('everything that is not right is refused in the same way', async () => {
  const [ada, zoe] = [await site.tokenOf(ADA), await site.tokenOf(ZOE, site.desk.zeta)]
  const refused: Parameters<Site['ask']>[0][] = [
    { file: '0015651234ff.cfg' },
    { file: `${ADA}.cfg` },
    { token: 'AAAAAAAAAAAAAAAAAAAAAA', file: `${ADA}.cfg` },
    { token: ada, file: `${BOB}.cfg` },
    { token: zoe, file: `${ADA}.cfg` },
    { token: ada, file: '0015651234ff.cfg' },
    { token: ada, file: `cfg${ADA}.xml` },
    { token: ada, file: 'linphone.xml' },
    { token: ada, file: `${ADA}.boot` },
    { token: ada, file: '' },
    { token: ada, file: '../../etc/passwd' },
    { token: ada, file: `${ADA}.cfg`, transport: 'tftp' },
    { file: 'linphone.xml' },
    { file: `${ADA}.boot` },
    { file: '' },
  ]
  for (const request of refused) expect(await site.ask(request), JSON.stringify(request)).toBeNull()
})

test('bootstrap files are the same for everybody, over TFTP too, and keep the address of a phone that has one', async () => {
  const everybody = await site.ask({ file: 'y000000000108.cfg' })
  expect(text(everybody)).toBe(
    '#!version:1.0.0.1\nstatic.auto_provision.server.url = http://phones.example.org:8081/\n',
  )
  expect(await site.ask({ file: 'y000000000028.cfg', transport: 'tftp' })).toEqual(everybody)
  expect(await site.ask({ token: 'AAAAAAAAAAAAAAAAAAAAAA', file: 'y000000000108.cfg' })).toEqual(everybody)
  const token = await site.tokenOf(ADA)
  expect(text(await site.ask({ token, file: 'y000000000108.cfg' }))).toContain(`/${token}/`)
})

test('a bootstrap name that families of one maker share is served without a word of who asks, if it is the same bytes', async () => {
  expect(text(await site.ask({ file: 'cfg.xml', transport: 'tftp' }))).toContain(
    '<P237>phones.example.org:8081/</P237>',
  )
})

test('a changed name changes the bytes and the tag at once, for that phone only', async () => {
  const [ada, bob] = [await site.tokenOf(ADA), await site.tokenOf(BOB)]
  const before = await site.ask({ token: ada, file: `${ADA}.cfg` })
  const other = await site.ask({ token: bob, file: `${BOB}.cfg` })
  expect(await site.ask({ token: ada, file: `${ADA}.cfg` })).toBe(before)
  await site.importPeople(CSV.replace('Abel', 'Abelson'), { update: true })
  await vi.waitFor(async () => {
    const after = await site.ask({ token: ada, file: `${ADA}.cfg` })
    expect(text(after)).toContain('Ada Abelson')
    expect(after!.etag).not.toBe(before!.etag)
  })
  expect((await site.ask({ token: bob, file: `${BOB}.cfg` }))!.etag).toBe(other!.etag)
  await site.importPeople(CSV, { update: true })
})

test('tenant, location, profile and device settings reach the file, the more specific one wins', async () => {
  const { acme } = site.desk
  const id = await site.idOf(BOB)
  const token = await site.tokenOf(BOB)
  const config = async () => text(await site.ask({ token, file: `${BOB}.cfg` }))
  await site.database.query(
    `update offhook.tenants set settings = '{"transport": "tcp", "language": "fr"}' where id = $1`,
    [acme.id],
  )
  const { rows } = await site.database.query(
    `insert into offhook.profiles (tenant_id, name, settings) values ($1, 'front desk', '{"language": "es"}') returning id`,
    [acme.id],
  )
  const profileId = (rows as { id: number }[])[0]!.id
  await site.database.query(
    `insert into offhook.keys (tenant_id, profile_id, position, kind, value, label) values ($1, $2, 3, 'blf', '1001', 'Ada')`,
    [acme.id, profileId],
  )
  await site.database.query(`update offhook.devices set profile_id = $1 where id = $2`, [profileId, id])
  await vi.waitFor(async () => {
    expect(await config()).toContain('lang.gui = Spanish')
    expect(await config()).toContain('account.1.sip_server.1.transport_type = 1')
    expect(await config()).toContain('linekey.3.value = 1001')
    expect(await config()).toContain('linekey.3.extension = *8')
  })
  await site.database.query(`update offhook.devices set settings = '{"language": "it"}' where id = $1`, [id])
  await vi.waitFor(async () => expect(await config()).toContain('lang.gui = Italian'))
  const explained = await site.boot.explain(id)
  expect(explained).toContainEqual({ name: 'language', value: 'it', origin: 'device', stops: null })
  expect(explained).toContainEqual({ name: 'transport', value: 'tcp', origin: 'tenant', stops: null })
  expect(explained).toContainEqual({ name: 'keys.3.value', value: '1001', origin: 'profile', stops: null })
  expect(explained).toContainEqual({ name: 'expiresS', value: 3600, origin: 'defaults', stops: null })
  expect(JSON.stringify(explained)).not.toContain(token)
  await site.database.query(`update offhook.devices set settings = '{"toneCountry": "ZW"}' where id = $1`, [id])
  expect(await site.boot.explain(id)).toContainEqual({
    ...{ name: 'toneCountry', value: 'ZW', origin: 'device', stops: 'Yealink has no toneCountry ZW' },
  })
  await site.database.query(`update offhook.devices set profile_id = null, settings = '{}' where id = $1`, [id])
  await site.database.query(`update offhook.tenants set settings = '{}' where id = $1`, [acme.id])
})

test('a setting that no phone of that model can do is an error, not an unknown phone', async () => {
  const id = await site.idOf(BOB)
  const token = await site.tokenOf(BOB)
  await site.database.query(`update offhook.devices set settings = '{"language": 7}' where id = $1`, [id])
  await vi.waitFor(async () => {
    await expect(site.ask({ token, file: `${BOB}.cfg` })).rejects.toMatchObject({ code: 'input-invalid' })
  })
  await site.database.query(`update offhook.devices set settings = '{}' where id = $1`, [id])
  await vi.waitFor(async () => expect(await site.ask({ token, file: `${BOB}.cfg` })).not.toBeNull())
})

test('a rotated token stops working, and what the admin renders is what the phone gets', async () => {
  const id = await site.idOf(BOB)
  const token = await site.tokenOf(BOB)
  const served = await site.ask({ token, file: `${BOB}.cfg` })
  expect((await site.boot.render(id, `${BOB}.cfg`))!.bytes).toEqual(served!.bytes)
  expect((await site.boot.render(BOB as never, `${BOB}.cfg`))!.bytes).toEqual(served!.bytes)
  expect(await site.boot.render(id, 'nothing.cfg')).toBeNull()
  await expect(site.boot.render(1, `${BOB}.cfg`)).rejects.toMatchObject({ code: 'device-unknown' })
  const { desk } = site
  await rotateDevice(desk, desk.acme, await findDevice(desk, desk.acme, BOB), 'test')
  await vi.waitFor(async () => expect(await site.ask({ token, file: `${BOB}.cfg` })).toBeNull())
  expect(await site.ask({ token: await site.tokenOf(BOB), file: `${BOB}.cfg` })).not.toBeNull()
})
