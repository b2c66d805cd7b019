import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSource } from '../../src/import/read-source.ts'
import { type Office, openOffice } from './open-office.ts'
import { first } from './open-tenant.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

test('#68 who may do it: an admin for their organisation, a partner for each, others for none', async () => {
  const acme = await office.tenant('acme')
  const people = { rows: [{ extension: '1001', first_name: 'Ada' }] }
  expect((await acme.ask('POST', '/imports', people)).status).toBe(202)
  const partner = (slug: string) => office.ask(office.owner, 'POST', '/imports', people, { 'X-Offhook-Tenant': slug })
  await office.tenant('zeta')
  expect([(await partner('acme')).status, (await partner('zeta')).status]).toEqual([202, 202])
  const { body } = await acme.ask('POST', '/tokens', { name: 'reader', scopes: ['people:read'] })
  expect((await office.ask(String(body['token']), 'POST', '/imports', people)).body).toMatchObject({
    ...{ status: 403, code: 'scope-missing' },
  })
  const elsewhere = { 'X-Offhook-Tenant': 'zeta' }
  expect((await office.ask(acme.token, 'POST', '/imports', people, elsewhere)).status).toBe(403)
  expect((await office.ask(null, 'POST', '/imports', people)).status).toBe(401)
})

test('#69 availability: the same import works at every location, with rules of its own or without', async () => {
  const tenant = await office.tenant('places')
  await tenant.change('POST', '/locations', { name: 'Plain' })
  await tenant.change('POST', '/locations', { name: 'Special', defaults: { language: 'fr', ring_seconds: '30' } })
  await tenant.bring('extension,last_name,location\n1001,Abel,Plain\n1002,Bell,Special\n1003,Cole,\n')
  expect(await tenant.users()).toMatchObject([
    { location: 'Plain', language: null, calls: 'ready' },
    { location: 'Special', language: 'fr', calls: 'ready' },
    { location: null, language: null, calls: 'ready' },
  ])
})

test('#70 scope: a location that is chosen for the import holds for all rows, and one that is not there is refused', async () => {
  const tenant = await office.tenant('scope')
  await tenant.change('POST', '/locations', { name: 'Berlin', defaults: { extension_range: '3000-3099' } })
  await tenant.change('POST', '/locations', { name: 'Wien' })
  await tenant.bring('first_name,email\nAda,ada@example.org\nBen,ben@example.org\n', { set: { location: 'Berlin' } })
  expect(await tenant.users()).toMatchObject([
    { location: 'Berlin', extension: '3000' },
    { location: 'Berlin', extension: '3001' },
  ])
  const refused = await tenant.plan({
    text: 'first_name,email\nCem,cem@example.org\n',
    options: { set: { location: 'Berlim' } },
  })
  expect(refused.problems).toContainEqual(
    expect.objectContaining({ field: 'location', code: 'location-unknown', suggestion: 'Berlin' }),
  )
})

test("#72 template: its two people, in the organisation's own words, can be brought as they are", async () => {
  const tenant = await office.tenant('template')
  await tenant.change('POST', '/locations', { name: 'Kontor Nord' })
  await tenant.change('POST', '/roles', { name: 'Agentin' })
  const { text, bytes } = await tenant.ask('GET', '/imports/template?format=csv')
  expect(text).toContain('Kontor Nord')
  const planned = await tenant.plan(bytes)
  expect(planned).toMatchObject({ state: 'planned', counts: { new: 2, problem: 0 } })
})

test('#73 guidelines: the workbook to fill in says for every column what it means and how it is written', async () => {
  const tenant = await office.tenant('guide')
  await tenant.change('POST', '/locations', { name: 'Kontor Nord' })
  const { bytes } = await tenant.ask('GET', '/imports/template?format=xlsx')
  const columns = (await readSource({ kind: 'file', bytes })).header
  const guide = await readSource({ kind: 'file', bytes }, { sheet: 'Guidelines' })
  const rules = new Map(guide.rows.map(({ cells: [name, ...rest] }) => [name, rest]))
  for (const column of columns) expect(rules.get(column)?.filter(Boolean).length, column).toBeGreaterThanOrEqual(2)
  expect(rules.get('location')?.join()).toContain('Kontor Nord')
  expect(guide.rows.map(({ cells }) => cells.join()).join()).toContain('an empty cell keeps what is there')
})

test('#74 start: a file is taken as it is sent, and what is done with it goes on without the one who sent it', async () => {
  const tenant = await office.tenant('start')
  const answer = await tenant.ask('POST', '/imports?source=people.csv', 'extension,last_name\n1001,Abel\n')
  expect(answer.body).toMatchObject({ state: 'planning', source: 'people.csv' })
  expect(await tenant.settled(Number(answer.body['id']))).toMatchObject({ state: 'planned', counts: { new: 1 } })
})

test('#75 required fields: first name, last name and e-mail are enough, and each that is missing is named', async () => {
  const tenant = await office.tenant('required')
  await tenant.bring('First name;Last name;Email\nAda;Abel;ada@example.org\n')
  expect(await tenant.users()).toMatchObject([{ username: 'ada@example.org', extension: null }])
  const { problems } = await tenant.plan({ text: 'First name;Last name;Email\n;;ben@example.org\nCem;Can;\n' })
  expect(problems).toMatchObject([
    { row: 1, field: 'first_name', code: 'name-missing' },
    { row: 2, code: 'key-missing' },
  ])
})

test('#76 identity key: who has the e-mail is changed, when updates are wanted; twice in one file is a problem of both', async () => {
  const tenant = await office.tenant('identity')
  await tenant.bring('first_name,last_name,email\nAda,Abel,ada@example.org\n')
  const changed = 'first_name,last_name,email\nAda,Bell,ADA@example.org\n'
  const held = await tenant.plan({ text: changed })
  expect(held.counts).toMatchObject({ new: 0, changed: 1 })
  expect(first(await tenant.rows(held.id)).changes).toContainEqual(
    expect.objectContaining({ fields: { last_name: ['Abel', 'Bell'] } }),
  )
  await tenant.apply(held.id)
  expect(await tenant.users()).toMatchObject([{ last_name: 'Abel' }])
  await tenant.bring(changed, { update: true })
  expect(await tenant.users()).toMatchObject([{ last_name: 'Bell', email: 'ada@example.org' }])
  const twice = await tenant.plan({ text: 'first_name,email\nA,same@example.org\nB,Same@example.org\n' })
  expect(twice.problems.map(({ row, code }) => [row, code])).toEqual([
    [1, 'duplicate-email'],
    [2, 'duplicate-email'],
  ])
})

test('#77 validation: everything that is wrong is told at once, each with row, field, reason and cure', async () => {
  const tenant = await office.tenant('check')
  const { counts, problems } = await tenant.plan({
    text: 'extension,last_name,email,mac,role\n1001,Abel,ada@example,,\n1002,Bell,,zz:zz,Usr\nx,Cole,,,\n1004,Dean,,,\n',
  })
  expect(counts).toMatchObject({ new: 1, problem: 3 })
  expect(problems.map(({ row, field, code }) => [row, field, code])).toEqual([
    [1, 'email', 'email-invalid'],
    [2, 'role', 'role-unknown'],
    [2, 'mac', 'mac-invalid'],
    [3, 'extension', 'extension-invalid'],
  ])
  for (const { message, suggestion } of problems) expect([message, suggestion]).toEqual([expect.any(String), expect.any(String)]) // prettier-ignore
})

test('#78 error file: the rows with problems come as a file, and back into the same import when they are corrected', async () => {
  const tenant = await office.tenant('faulty')
  const { id } = await tenant.plan({ text: 'extension,last_name,email\n1001,Abel,ada@example\n1002,Bell,\n' })
  const { text } = await tenant.ask('GET', `/imports/${id}/errors.csv`)
  expect(text).toMatch(/problem/)
  expect([text.includes('Abel'), text.includes('Bell')]).toEqual([true, false])
  await tenant.change('POST', `/imports/${id}/corrections`, text.replace('"ada@example"', '"ada@example.org"'))
  expect(await tenant.settled(id)).toMatchObject({ id, state: 'planned', counts: { new: 2, problem: 0 } })
})

test('#79 #80 accept: only the rows without problems are applied if so chosen, and who was made is listed', async () => {
  const tenant = await office.tenant('accept')
  const { id } = await tenant.plan({ text: 'extension,last_name,email\n1001,Abel,ada@example\n1002,Bell,\n' })
  expect((await tenant.ask('POST', `/imports/${id}/apply`, {})).body).toMatchObject({ code: 'import-problems' })
  expect(await tenant.apply(id, { only_valid: true })).toMatchObject({
    state: 'applied',
    counts: { new: 1, problem: 1 },
  })
  expect(await tenant.rows(id, 'new')).toMatchObject([{ who: 'Bell (1002)', row: 2 }])
  expect(await tenant.users()).toMatchObject([{ extension: '1002' }])
})

test('#81 after import: who was made with a name and an address alone gets extension and phone later', async () => {
  const tenant = await office.tenant('later')
  await tenant.bring('first_name,last_name,email\nAda,Abel,ada@example.org\n')
  const { id, calls } = first(await tenant.users())
  expect(calls).toBe('incomplete')
  await tenant.change('PATCH', `/users/${id}`, { extension: '1001', mac: '00:15:65:ab:cd:01', model: 'T46U' })
  expect(await tenant.users()).toMatchObject([
    { calls: 'ready', extension: '1001', endpoints: [{ name: '1001-later' }], devices: [{ mac: '001565abcd01' }] },
  ])
})
