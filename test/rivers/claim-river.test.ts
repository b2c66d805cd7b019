import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTenant } from '../../src/db/tenants.ts'
import { endClaimCodes } from '../../src/people/claims/claim-codes.ts'
import { MOST_CLAIM_PHONES } from '../../src/people/claims/open-claim-phone.ts'
import { type ClaimSite, dialClaim, openClaims, until } from './open-claims.ts'

const PEOPLE = 'extension,first_name,mac,model\n1001,Ada,,\n1002,Bob,,\n1003,Cleo,0015650000c3,T46U\n'

let site: ClaimSite

beforeAll(async () => {
  site = await openClaims(PEOPLE)
  site.startWorker()
}, 60_000)
afterEach(async () => {
  await site.query('update offhook.claim_codes set revoked_at = now() where revoked_at is null')
})
afterAll(() => site.close())

const phoneRow = async (mac: string) => {
  const [row] = await site.query('select * from offhook.claim_phones where mac = $1', [mac])
  return row!
}
/** Some reason that is not the right one. */
const other = (code: string) => code.replace(/./g, (digit) => String((Number(digit) + 1) % 10))

test('a phone out of the box becomes the person’s whose extension is keyed in on it', async () => {
  const mac = '001565000001'
  expect(await site.fetch(mac)).toBeNull()
  const code = await site.makeCode()
  const config = (await site.fetch(mac))!
  expect(config).toMatchObject({ user: expect.stringMatching(/^claim[.][a-z0-9]{16}$/) as string })
  expect(await site.fetch(mac), 'all its requests get the same account').toEqual(config)
  const phone = await site.plugIn(config)
  await dialClaim(phone, [code, '1001'])
  const notify = await phone.nextNotify(15_000)
  expect(notify.event).toMatch(/^check-sync/)
  const real = (await site.fetch(mac))!
  expect(real.user).toBe('1001-acme')
  const desk = await site.plugIn(real)
  expect(desk.registration.registered).toBe(true)
  await until('the temporary account to be gone', async () => {
    const rows = await site.query('select from asterisk.ps_endpoints where id = $1', [config.user])
    return rows.length === 0
  })
  await site.river.tell()
  await expect(site.plugIn(config)).rejects.toMatchObject({ status: 401 })
}, 60_000)

test('the account reaches the claim number and nothing else, and nobody else reaches the claim number', async () => {
  await site.makeCode()
  const phone = await site.plugIn((await site.fetch('001565000002'))!)
  for (const target of ['1001', '*97', '*98', '*43', '*81001', '*911', '+4930123456', 's', 'h']) {
    const call = await phone.call(target)
    expect(await call.ended(), target).toMatchObject({ by: 'them', status: 404 })
  }
  await expect(phone.watch('1001')).rejects.toMatchObject({ name: 'Refusal' })
  await expect(phone.subscribeMessages()).rejects.toMatchObject({ name: 'Refusal' })
  const ada = await site.river.phone('1002-acme')
  expect(await (await ada.call('*91')).ended()).toMatchObject({ by: 'them', status: 404 })
}, 60_000)

test('three wrong answers end the call, five lock the phone, and each is in the history without what was keyed in', async () => {
  const mac = '001565000003'
  const code = await site.makeCode()
  const phone = await site.plugIn((await site.fetch(mac))!)
  const wrong = other(code)
  await dialClaim(phone, [wrong, '1001'], [code, '9999'], ['', '1001'])
  await dialClaim(phone, [wrong, ''], [wrong, '1001'], [code, '1001'])
  expect(await phoneRow(mac)).toMatchObject({ wrong_tries: 5, dialled_at: null })
  const history = await site.query(`select detail from offhook.audit where object = $1 order by id`, [mac])
  expect(history.map(({ detail }) => (detail as { wrong: string }).wrong)).toEqual([
    ...['code', 'extension', 'code', 'code', 'code'],
  ])
  expect(JSON.stringify(history)).not.toContain(wrong)
  const [{ wrong_tries }] = (await site.query('select wrong_tries from offhook.claim_codes order by id desc')) as [Row]
  expect(wrong_tries, 'a wrong extension says nothing about the code').toBe(4)
}, 90_000)

type Row = Record<string, unknown>

test('a code bears 20 wrong tries on all phones together', async () => {
  const code = await site.makeCode()
  const [{ account }] = (await site.query(`select account from offhook.claim_phones where mac = $1`, [
    (await site.fetch('001565000004'), '001565000004'),
  ])) as [Row]
  await site.query('update offhook.claim_codes set wrong_tries = 19 where revoked_at is null')
  const dial = (keyed: string) =>
    site.query('select offhook.claim_by_dial($1, $2, $3) as yes', [account, keyed, '1001'])
  expect(await dial(other(code))).toEqual([{ yes: false }])
  expect(await dial(code)).toEqual([{ yes: false }])
  await until('phones to be told nothing any more', async () => (await site.fetch('001565000005')) === null)
})

test('however many dial at the same moment, a code gives away as many phones as it says', async () => {
  const code = await site.makeCode({ phones: 2 })
  const macs = Array.from({ length: 12 }, (_, at) => `0015650002${at.toString(16).padStart(2, '0')}`)
  const users = await Promise.all(macs.map(async (mac) => (await site.fetch(mac))!.user))
  const dial = async (user: string, keyed: string) => {
    const [row] = await site.query('select offhook.claim_by_dial($1, $2, $3) as yes', [user, keyed, '1001'])
    return row!['yes']
  }
  const granted = await Promise.all(users.map((user) => dial(user, code)))
  expect(granted.filter(Boolean)).toHaveLength(2)
  const phone = users[granted.indexOf(true)]!
  expect(await dial(phone, code), 'the same again is no second claim').toBe(true)
  const [left] = await site.query('select phones_left from offhook.claim_codes order by id desc limit 1')
  expect(left).toEqual({ phones_left: 0 })
})

test('a code that was revoked, has expired, is used up or is another tenant’s is refused as a wrong one is', async () => {
  const zeta = await createTenant(site.river.pbx.owner, 'zeta', 'Zeta')
  const foreign = await site.makeCode({ networks: ['198.51.100.0/24'] }, zeta)
  const [revoked, expired, used, far, good] = [
    ...[await site.makeCode(), await site.makeCode(), await site.makeCode()],
    ...[await site.makeCode({ networks: ['203.0.113.0/24'] }), await site.makeCode()],
  ] as [string, string, string, string, string]
  const ids = await site.query('select id from offhook.claim_codes where tenant_id = $1 order by id desc limit 5', [
    site.river.acme.id,
  ])
  const [, , usedId, expiredId, revokedId] = ids.map(({ id }) => Number(id))
  await endClaimCodes(site.river.desk, site.river.acme, revokedId!, 'test')
  await site.query(
    `update offhook.claim_codes set created_at = now() - interval '2 hours',
    expires_at = now() - interval '1 second' where id = $1`,
    [expiredId],
  )
  await site.query('update offhook.claim_codes set phones_left = 0 where id = $1', [usedId])
  const { user } = (await site.fetch('001565000006'))!
  const dial = async (keyed: string) => {
    await site.query('update offhook.claim_phones set wrong_tries = 0')
    const [row] = await site.query('select offhook.claim_by_dial($1, $2, $3) as yes', [user, keyed, '1001'])
    return row!['yes']
  }
  for (const code of [foreign, revoked, expired, used, far, '', `${good} `, `0${good}`])
    expect(await dial(code)).toBe(false)
  expect(await dial(good)).toBe(true)
})

test('while Offhook is down a claim is taken, and done when it is back', async () => {
  const mac = '001565000007'
  await site.stopWorker()
  const code = await site.makeCode()
  const phone = await site.plugIn((await site.fetch(mac))!)
  await dialClaim(phone, [code, '1002'])
  expect(await phoneRow(mac)).toMatchObject({ extension: '1002', bound_at: null })
  expect(await site.query('select from offhook.devices where mac = $1', [mac])).toEqual([])
  site.startWorker()
  expect((await phone.nextNotify(15_000)).event).toMatch(/^check-sync/)
  expect(await site.fetch(mac)).toMatchObject({ user: '1002-acme' })
}, 60_000)

test('a phone of the inventory gets the same as an unknown one, and is somebody else’s only if it was nobody’s', async () => {
  const [theirs, foreign] = ['0015650000c3', '0015650000f1']
  const zeta = await createTenant(site.river.pbx.owner, 'zeta', 'Zeta')
  await site.query(
    `insert into offhook.devices (tenant_id, mac, name, family, model, token, token_sha256, admin_password)
     values ($1, $2, $2, 'yealink', 'T46U', '', 'x', '')`,
    [zeta.id, foreign],
  )
  const code = await site.makeCode()
  const claim = async (mac: string, extension: string) => {
    const config = await site.fetch(mac)
    expect(config?.user, mac).toMatch(/^claim[.]/)
    const [row] = await site.query('select offhook.claim_by_dial($1, $2, $3) as yes', [config!.user, code, extension])
    return row!['yes']
  }
  expect(await claim(foreign, '1001')).toBe(false)
  expect(await claim(theirs, '1001')).toBe(false)
  // Whose it is, it only has to be let in again.
  expect(await claim(theirs, '1003')).toBe(true)
  await until('it to get what is theirs', async () => (await site.fetch(theirs))?.user === '1003-acme')
})

test('nothing is given to families that are not known, to whom no code is good for, or in clear over TFTP', async () => {
  await site.makeCode({ networks: ['192.0.2.0/24', '2001:db8::/32'] })
  const mac = '00156500000a'
  expect(await site.fetch(mac, { file: `${mac}.unknown` })).toBeNull()
  for (const userAgent of ['Grandstream Model HW GRP2614 SW 1.0.5.60 DevId c074ad000001', 'curl/8.5.0'])
    expect(await site.fetch(mac, { userAgent }), userAgent).toBeNull()
  expect(await site.fetch(mac, { userAgent: 'Mozilla/5.0', file: 'favicon.ico' })).toBeNull()
  expect(await site.fetch(mac, { from: '198.51.100.7' }), 'from elsewhere').toBeNull()
  expect(await site.fetchOverTftp(mac), 'in clear').toBeNull()
  expect(await site.query('select from offhook.claim_phones where mac = $1', [mac])).toEqual([])
  await site.query('update offhook.tenants set tftp_configs = true')
  await until('the consent to be known', async () => (await site.fetchOverTftp(mac)) !== null)
  expect(await site.fetch(mac, { from: '2001:db8::7' })).not.toBeNull()
  expect(await site.query('select from offhook.claim_phones where mac = $1', [mac])).toHaveLength(1)
})

test('of two tenants the one gets the phone whose network is narrower; where both are as wide, nobody does', async () => {
  const zeta = await createTenant(site.river.pbx.owner, 'zeta', 'Zeta')
  await site.makeCode({ networks: ['192.0.2.0/24'] })
  await site.makeCode({ networks: ['192.0.2.64/26'] }, zeta)
  const tenantOf = async (mac: string, from: string) => {
    if ((await site.fetch(mac, { from })) === null) return null
    return (await phoneRow(mac))['tenant_id']
  }
  expect(await tenantOf('00156500000b', '192.0.2.10')).toBe(site.river.acme.id)
  expect(await tenantOf('00156500000c', '192.0.2.70')).toBe(zeta.id)
  await site.makeCode({ networks: ['192.0.2.64/26'] })
  expect(await tenantOf('00156500000d', '192.0.2.70')).toBeNull()
})

test('however many ask, a bounded number gets an account', async () => {
  await site.makeCode()
  await site.query(
    `insert into offhook.claim_phones (tenant_id, mac, family, model, address, account, secret, admin_password, expires_at)
     select $1, '02' || lpad(n::text, 10, '0'), 'yealink', 'T46U', '192.0.2.1', 'claim.' || lpad(n::text, 16, '0'), '', '',
       now() + interval '1 hour' from generate_series(1, $2) n`,
    [site.river.acme.id, MOST_CLAIM_PHONES],
  )
  expect(await site.fetch('00156500000e')).toBeNull()
  await site.query(`delete from offhook.claim_phones where mac like '02%'`)
  expect(await site.fetch('00156500000e')).not.toBeNull()
})
