import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './open-office.ts'
import { first } from './open-tenant.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

test('#36 #38 #39 #40 CSV creation: the header says what each column is; four are enough, others may stand beside them', async () => {
  const tenant = await office.tenant('creation')
  await tenant.change('POST', '/roles', { name: 'Agent' })
  await tenant.change('POST', '/groups', { name: 'Sales' })
  await tenant.bring('Username,Email,Virtual Extension,Role\nada,ada@example.org,1001,Agent\n')
  await tenant.bring(
    'Role,Desk,Skill Group,Username,Email,Virtual Extension\nAgent,A-1,Sales,ben,ben@example.org,1002\n',
  )
  expect(await tenant.users()).toMatchObject([
    { username: 'ada', email: 'ada@example.org', extension: '1001', role: 'Agent', groups: [] },
    { username: 'ben', extension: '1002', desk: 'A-1', groups: ['Sales'] },
  ])
  const headless = await tenant.plan({ text: 'cem,cem@example.org,1003,Agent\ndan,dan@example.org,1004,Agent\n' })
  expect(headless.problems).toContainEqual(expect.objectContaining({ row: 0, code: 'header-unknown' }))
  expect((await tenant.ask('POST', `/imports/${headless.id}/apply`, { only_valid: true })).status).toBe(409)
})

test('#37 row limit: more than 500 people in a file are taken and it is said that they take a while; too many are refused', async () => {
  const tenant = await office.tenant('limit')
  const rows = (count: number) => Array.from({ length: count }, (_, at) => `${20_000 + at},P`).join('\n')
  const many = await tenant.plan({ text: `extension,last_name\n${rows(501)}\n` })
  expect(many.warnings).toMatchObject([
    { code: 'runs-in-background', message: expect.stringContaining('501') as string },
  ])
  expect((await tenant.apply(many.id)).counts).toMatchObject({ new: 501 })
  const few = await tenant.plan({ text: `extension,last_name\n${rows(500)}\n` })
  expect(few.warnings).toEqual([])
  const tooMany = await tenant.plan({ text: `extension,last_name\n${rows(100_001)}\n` })
  expect(tooMany.problems).toMatchObject([
    {
      code: 'too-many-rows',
      message: expect.stringContaining('100000') as string,
      suggestion: expect.any(String) as string,
    },
  ])
})

test('#41 SIP data: a mode that needs an address or another PBX says for each row what is missing', async () => {
  const tenant = await office.tenant('sipdata')
  const { problems } = await tenant.plan({
    text: 'extension,last_name,sip_mode\n1001,Abel,pbx\n1002,Bell,uri\n1003,Cole,webrtc\n1004,Dean,builtin\n',
  })
  expect(problems).toMatchObject([
    { row: 1, field: 'pbx_domain', code: 'pbx-domain-missing' },
    { row: 2, field: 'sip_uri', code: 'sip-uri-missing' },
  ])
  expect(problems).toHaveLength(2)
})

test('#42 #49 #60 same value for all: role, skill group, desk and tag without a column', async () => {
  const tenant = await office.tenant('sameforall')
  await tenant.change('POST', '/roles', { name: 'Agent' })
  await tenant.change('POST', '/groups', { name: 'Sales' })
  await tenant.bring('extension,last_name\n1001,Abel\n1002,Bell\n', {
    set: { role: 'Agent', groups: 'Sales', desk: 'Hall', tags: 'Team A' },
  })
  const same = { role: 'Agent', groups: ['Sales'], desk: 'Hall', tags: ['Team A'] }
  expect(await tenant.users()).toMatchObject([same, same])
  expect(await tenant.items('/groups')).toMatchObject([{ members: [{ extension: '1001' }, { extension: '1002' }] }])
})

test('#43 #44 #50 different values: by the ids that lists show, or simply by name', async () => {
  const tenant = await office.tenant('different')
  const role = await tenant.change('POST', '/roles', { name: 'Agent' })
  const group = await tenant.change('POST', '/groups', { name: 'Sales' })
  await tenant.change('POST', '/groups', { name: 'Support' })
  expect(await tenant.items('/roles')).toContainEqual(expect.objectContaining({ id: role['id'], name: 'Agent' }))
  expect(await tenant.items('/groups')).toContainEqual(expect.objectContaining({ id: group['id'], name: 'Sales' }))
  await tenant.bring(
    'extension,last_name,role,groups,desk,tags\n' +
      `1001,Abel,${String(role['id'])},${String(group['id'])},A-1,red\n1002,Bell,agent,"Sales, support",B-2,"red, blue"\n`,
  )
  expect(await tenant.users()).toMatchObject([
    { role: 'Agent', groups: ['Sales'], desk: 'A-1', tags: ['red'] },
    { role: 'Agent', groups: ['Sales', 'Support'], desk: 'B-2', tags: ['red', 'blue'] },
  ])
  const other = await tenant.plan({ text: 'extension,last_name,role\n1003,Cole,987654321\n' })
  expect(other.problems).toMatchObject([{ row: 1, field: 'role', code: 'role-unknown' }])
})

test('#46 #47 upload and mapping: required fields are mapped to columns of any name, and no column is lost in silence', async () => {
  const tenant = await office.tenant('mapping')
  const file = 'c1;c2;c3;c4;c5;c6\nada;ada@example.org;1001;user;webrtc;x\n'
  const map = { username: 'c1', email: 'c2', extension: 'c3', role: 'c4', sip_mode: 'c5' }
  const sent = await tenant.plan(file)
  expect(sent.problems).toContainEqual(expect.objectContaining({ code: 'header-unknown' }))
  await tenant.change('PATCH', `/imports/${sent.id}`, { map })
  const mapped = await tenant.settled(sent.id)
  expect(mapped.problems).toEqual([])
  expect(JSON.stringify(mapped['detected'])).toContain('c6')
  await tenant.apply(sent.id)
  expect(await tenant.users()).toMatchObject([
    { username: 'ada', email: 'ada@example.org', extension: '1001', role: 'user', endpoints: [{ kind: 'web' }] },
  ])
})

test('#48 auto extension: without a column everybody gets the next available number', async () => {
  const tenant = await office.tenant('auto')
  await tenant.bring('extension,last_name\n2001,Abel\n')
  const set = { extension_range: '2000-2999' }
  await tenant.bring('last_name,email\nBell,b@example.org\nCole,c@example.org\n', { set })
  expect((await tenant.users()).map(({ extension }) => extension)).toEqual(['2001', '2000', '2002'])
})

test('#55 #56 #57 #58 authentication: default, disabled, e-mail code or app, and who says so', async () => {
  const tenant = await office.tenant('factors')
  await tenant.change('POST', '/roles', { name: 'Strict', authentication: 'app' })
  await tenant.set({ default_authentication: 'email' })
  await tenant.bring(
    'extension,last_name,email,role,authentication\n1001,A,a@example.org,Strict,default\n1002,B,,,\n' +
      '1003,C,,Strict,disabled\n1004,D,d@example.org,,email\n1005,E,,,app\n',
  )
  const users = await tenant.users()
  expect(users.map(({ authentication }) => authentication)).toEqual(['default', 'default', 'disabled', 'email', 'app'])
  const explain = ({ id }: { id: number }) => tenant.get(`/users/${id}/authentication`)
  expect(await Promise.all(users.map(explain))).toEqual([
    { authentication: 'app', from: 'role' },
    { authentication: 'email', from: 'tenant' },
    { authentication: 'disabled', from: 'user' },
    { authentication: 'email', from: 'user' },
    { authentication: 'app', from: 'user' },
  ])
  const without = await tenant.plan({ text: 'extension,last_name,authentication\n1006,F,email\n' })
  expect(without.problems).toMatchObject([{ row: 1, field: 'email', code: 'email-missing' }])
})

test('#61 digits-only passwords: made where they are asked for, and advised against', async () => {
  const tenant = await office.tenant('digits')
  const set = { password_rule: 'temporary', password_digits_only: 'yes', password_length: '12' }
  const { id, warnings } = await tenant.bring('extension,last_name\n1001,Abel\n', { set })
  expect(warnings).toMatchObject([{ field: 'password', code: 'password-digits-only' }])
  const { text } = await tenant.ask('POST', `/imports/${id}/credentials.csv`)
  expect(text).toMatch(/"1001","","Abel","","1001","\d{12}",/)
  const usual = await tenant.bring('extension,last_name\n1002,Bell\n', { set: { password_rule: 'temporary' } })
  expect(usual.warnings).toEqual([])
  expect((await tenant.ask('POST', `/imports/${usual.id}/credentials.csv`)).text).not.toMatch(/"1002","\d+",/)
})

test('#62 #63 #64 #67 import: new people, those who are there and errors are counted; what is cured comes in by the error file', async () => {
  const tenant = await office.tenant('counts')
  await tenant.bring('extension,last_name\n1001,Abel\n')
  const { id } = await tenant.plan({ text: 'extension,last_name,email\n1001,Abel,\n1002,Bell,\n1003,Cole,nowhere\n' })
  const counts = { new: 1, unchanged: 1, changed: 0, problem: 1 }
  expect((await tenant.settled(id)).counts).toMatchObject(counts)
  const errors = await tenant.ask('GET', `/imports/${id}/errors.csv`)
  expect(errors.text).toContain('nowhere')
  expect(await tenant.apply(id, { only_valid: true })).toMatchObject({ state: 'applied', counts })
  expect((await tenant.users()).map(({ last_name }) => last_name)).toEqual(['Abel', 'Bell'])
  const cured = await tenant.plan(errors.text.replace('nowhere', 'cole@example.org'))
  expect(cured.counts).toMatchObject({ new: 1, problem: 0 })
  await tenant.apply(cured.id)
  expect((await tenant.users()).map(({ last_name }) => last_name)).toEqual(['Abel', 'Bell', 'Cole'])
})

test('#65 #66 success file: temporary passwords are handed out once, and for many people anew at once', async () => {
  const tenant = await office.tenant('success')
  const set = { password_rule: 'temporary' }
  const { id } = await tenant.bring('extension,last_name\n1001,Abel\n1002,Bell\n', { set })
  const passwordsIn = (text: string) =>
    [...text.matchAll(/"100\d","","\w+","","100\d","([^"]{16})"/g)].map(([, it]) => it)
  const once = await tenant.ask('POST', `/imports/${id}/credentials.csv`)
  expect(new Set(passwordsIn(once.text)).size).toBe(2)
  expect((await tenant.ask('POST', `/imports/${id}/credentials.csv`)).body).toMatchObject({ status: 410, code: 'credentials-gone' }) // prettier-ignore
  const { id: again } = await tenant.change('POST', '/users/reissue', { users: (await tenant.users()).map((user) => user.id) }) // prettier-ignore
  await tenant.settled(Number(again))
  const anew = passwordsIn((await tenant.ask('POST', `/imports/${String(again)}/credentials.csv`)).text)
  expect(new Set([...anew, ...passwordsIn(once.text)]).size).toBe(4)
  expect(first(await tenant.users())).not.toHaveProperty('password')
})
