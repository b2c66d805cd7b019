import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './open-office.ts'
import { first } from './open-tenant.ts'
import { until } from './until.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

async function query(sql: string, ...values: unknown[]): Promise<object[]> {
  return (await office.database.query(sql, values)).rows as object[]
}

test('#82 #88 purpose: a new system is set up from one file, with everything that belongs to each extension', async () => {
  const tenant = await office.tenant('fresh')
  await tenant.bring(
    'extension,first_name,last_name,email,did,mac,model\n1001,Ada,Abel,fresh@example.org,+493012345201,001565abcda1,T46U\n',
  )
  expect(await tenant.users()).toMatchObject([
    {
      ...{ endpoints: [{ name: '1001-fresh' }], dids: ['+493012345201'], devices: [{ mac: '001565abcda1', line: 1 }] },
      calls: 'ready',
    },
  ])
  for (const table of ['ps_endpoints', 'ps_aors', 'ps_auths'])
    expect(await query(`select from asterisk.${table} where id = '1001-fresh'`), table).toHaveLength(1)
  expect(await query(`select from asterisk.voicemail where context = 'fresh' and mailbox = '1001'`)).toHaveLength(1)
  expect((await tenant.offhook(['drift']))[1]).toMatchObject({ changes: [], problems: [] })
})

test('#83 defaults first: those of the tenant come before those of the system, and cells before both', async () => {
  const tenant = await office.tenant('defaults')
  const inEffect = async (name: string) =>
    ((await tenant.get('/tenant/defaults'))['effective'] as { name: string }[]).find((each) => each.name === name)
  expect(await inEffect('ring_seconds')).toMatchObject({ value: '20', from: 'system' })
  await tenant.set({ ring_seconds: '35', language: 'de', timezone: 'Europe/Berlin' })
  expect(await inEffect('ring_seconds')).toMatchObject({ value: '35', from: 'tenant' })
  await tenant.bring('extension,last_name,language\n1001,Abel,\n1002,Bell,fr\n')
  expect(await tenant.users()).toMatchObject([
    { language: 'de', timezone: 'Europe/Berlin' },
    { language: 'fr', timezone: 'Europe/Berlin' },
  ])
})

test('#84 #85 two ways in: a file or a table by hand, which is edited on; nothing is there before it is applied', async () => {
  const tenant = await office.tenant('ways')
  const file = await tenant.plan('extension,last_name\n1001,Abel\n')
  const table = await tenant.plan({ rows: [{ extension: '1002', last_name: 'Bell' }] })
  await tenant.change('PATCH', `/imports/${file.id}/rows/1`, { values: { last_name: 'Abelson' } })
  await tenant.change('PATCH', `/imports/${table.id}/rows/2`, { values: { extension: '1003', last_name: 'Cole' } })
  for (const { id } of [file, table]) await tenant.settled(id)
  expect(await tenant.users()).toEqual([])
  for (const { id } of [file, table]) await tenant.apply(id)
  expect((await tenant.users()).map(({ last_name }) => last_name)).toEqual(['Abelson', 'Bell', 'Cole'])
})

test('#86 DIDs as caller ids: who gets a public number shows it, where that is so wanted', async () => {
  const tenant = await office.tenant('callerids')
  await tenant.bring('extension,last_name,did\n1001,Abel,+493012345211\n')
  await tenant.set({ caller_id_is_did: 'yes' })
  await tenant.bring('extension,last_name,did\n1002,Bell,+493012345212\n')
  expect(
    await query(`select callerid from asterisk.ps_endpoints where id like '%-callerids' order by id`),
  ).toMatchObject([
    { callerid: expect.stringContaining('<1001>') as string },
    { callerid: expect.stringContaining('+493012345212') as string },
  ])
})

test('#87 create DIDs: numbers that are missing are made for the tenant, or are problems where that is not wanted', async () => {
  const tenant = await office.tenant('newdids')
  await tenant.set({ create_dids: 'no' })
  const text = 'extension,last_name,did\n1001,Abel,+493012345221\n'
  expect((await tenant.plan({ text })).counts).toMatchObject({ problem: 1 })
  const refused = await tenant.plan({ text })
  expect(first((await tenant.rows(refused.id))[0]!.problems)).toMatchObject({ field: 'did', code: 'did-unknown' })
  await tenant.set({ create_dids: 'yes' })
  await tenant.bring(text)
  expect(await tenant.items('/dids')).toMatchObject([{ number: '+493012345221', extension: '1001' }])
  const other = await office.tenant('otherdids')
  const taken = await other.plan({ text })
  expect(taken.counts).toMatchObject({ new: 0, problem: 1 })
})

test('#89 #91 users: the user name is the extension behind the name of the tenant, the password as the rules say, and accounts end with the tenant', async () => {
  const tenant = await office.tenant('naming')
  await tenant.set({ username_rule: 'extension', username_prefix: 'yes' })
  await tenant.set({ password_rule: 'temporary', password_length: '20' })
  const { id } = await tenant.bring('extension,last_name,email\n1001,Abel,naming@example.org\n')
  expect(await tenant.users()).toMatchObject([{ username: 'naming-1001', endpoints: [{ name: '1001-naming' }] }])
  const { text } = await tenant.ask('POST', `/imports/${id}/credentials.csv`)
  expect(text).toMatch(/"naming-1001","[^"]{20}",.*"1001-naming"/)
})

test('#90 welcome e-mail: with access data to all who were made, if the tenant says so, and without any SIP secret', async () => {
  const tenant = await office.tenant('welcome')
  await tenant.set({ mail: 'welcome', password_rule: 'temporary' })
  const text = 'extension,last_name,email\n1001,Abel,welcome-a@example.org\n1002,Bell,welcome-b@example.org\n'
  const { id } = await tenant.bring(text)
  const mails = await Promise.all(['welcome-a@example.org', 'welcome-b@example.org'].map(office.mailTo))
  const credentials = (await tenant.ask('POST', `/imports/${id}/credentials.csv`)).text
  for (const { to, parsed, raw } of mails) {
    const cells = credentials.split(/\r?\n/).find((line) => line.includes(to[0]!))!
    const [, , , , username, password, , , account, sipSecret] = cells.split(',').map((cell) => cell.slice(1, -1))
    for (const told of [username, password, account]) expect(parsed.text).toContain(told)
    expect(sipSecret!.length).toBeGreaterThan(20)
    expect(raw).not.toContain(sipSecret)
  }
})

test('#93 mailboxes: each extension has its own, with the name, e-mail and pager of its owner', async () => {
  const tenant = await office.tenant('boxes')
  await tenant.bring(
    'extension,first_name,last_name,email,pager\n1001,Ada,Abel,box@example.org,pager@example.org\n1002,Ben,Bell,,\n',
  )
  const boxes = `select mailbox, fullname, email, pager from asterisk.voicemail where context = 'boxes' order by mailbox`
  expect(await query(boxes)).toMatchObject([
    { mailbox: '1001', fullname: 'Ada Abel', email: 'box@example.org', pager: 'pager@example.org' },
    { mailbox: '1002', fullname: 'Ben Bell' },
  ])
})

test('#95 company directory: a contact is there with the person, and follows name and number', async () => {
  const tenant = await office.tenant('contacts')
  await tenant.bring('extension,first_name,last_name\n1001,Ada,Abel\n')
  const contacts = () =>
    query(
      `select d.name, d.number from offhook.directory_entries d join offhook.tenants t on t.id = d.tenant_id where slug = $1`,
      tenant.slug,
    )
  expect(await contacts()).toEqual([{ name: 'Ada Abel', number: '1001' }])
  await tenant.change('PATCH', `/users/${first(await tenant.users()).id}`, { last_name: 'Bell', extension: '1009' })
  expect(await contacts()).toEqual([{ name: 'Ada Bell', number: '1009' }])
})

test('#97 provisioning files: a MAC address in a row makes the file that this phone then fetches', async () => {
  const tenant = await office.tenant('files')
  await tenant.bring('extension,first_name,last_name,mac,model\n1001,Ada,Abel,00:15:65:ab:cd:b1,T46U\n')
  const fetchFile = () =>
    fetch(`${office.phones}/001565abcdb1.cfg`, { headers: { 'User-Agent': 'Yealink SIP-T46U 108.86.0.20 00:15:65:ab:cd:b1' } }) // prettier-ignore
  expect((await fetchFile()).status).toBe(404)
  await tenant.change('POST', '/devices/001565abcdb1/release', { minutes: 15 })
  let file = ''
  await until('the file to be given out', async () => {
    const answer = await fetchFile()
    file = await answer.text()
    return answer.status === 200
  })
  expect(file).toMatch(/1001-files/)
  expect(file).toContain('Ada Abel')
})

test('#98 default phone model: where one is set, a MAC address alone makes the phone', async () => {
  const tenant = await office.tenant('models')
  const text = 'extension,last_name,mac\n1001,Abel,000b82abcdc1\n'
  expect((await tenant.plan({ text })).problems).toMatchObject([{ field: 'model', code: 'model-missing' }])
  await tenant.set({ model: 'GRP2614' })
  await tenant.bring(text)
  expect(await tenant.users()).toMatchObject([{ devices: [{ mac: '000b82abcdc1', model: 'GRP2614' }] }])
})

test('#99 provisioning off: MAC addresses make no phones, and each row says so', async () => {
  const tenant = await office.tenant('nophones')
  await tenant.set({ provisioning: 'no' })
  const { warnings } = await tenant.bring('extension,last_name,mac,model\n1001,Abel,001565abcdd1,T46U\n')
  expect(warnings).toMatchObject([{ row: 1, field: 'mac', code: 'provisioning-off' }])
  expect(await tenant.users()).toMatchObject([{ calls: 'ready', devices: [] }])
  expect(await tenant.items('/devices')).toEqual([])
})
