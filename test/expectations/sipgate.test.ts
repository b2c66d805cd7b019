import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './open-office.ts'
import { first } from './open-tenant.ts'
import { until } from './until.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

test('#1 who may do it: an admin may, anybody with less is refused and changes nothing', async () => {
  const tenant = await office.tenant('admins')
  const bring = (token: string) =>
    office.ask(token, 'POST', '/imports', { rows: [{ extension: '1001', last_name: 'A' }] })
  const { body } = await tenant.ask('POST', '/tokens', { name: 'phones', scopes: ['phones:write', 'people:read'] })
  expect((await bring(String(body['token']))).body).toMatchObject({ status: 403, code: 'scope-missing' })
  expect(await tenant.items('/imports')).toEqual([])
  expect((await bring(tenant.token)).status).toBe(202)
})

test('#3 effort promise: one command makes people of any number of rows, all at the same time', async () => {
  const tenant = await office.tenant('effort')
  const rows = Array.from({ length: 300 }, (_, at) => `${3000 + at},Person`)
  const [code, done] = await tenant.offhook(['import', '-', '--apply'], `extension,last_name\n${rows.join('\n')}\n`)
  expect([code, done]).toMatchObject([0, { state: 'applied', counts: { new: 300 } }])
  expect(await tenant.users('329')).toHaveLength(10)
})

test('#5 CSV upload: the file is read as the spreadsheet program wrote it', async () => {
  const tenant = await office.tenant('upload')
  const file = Buffer.from('Nebenstelle;Vorname;Nachname\r\n1001;J\u00fcrgen;M\u00fcller\r\n', 'latin1')
  const planned = await tenant.plan(file)
  expect(planned).toMatchObject({ detected: { delimiter: ';', encoding: 'windows-1252' }, counts: { new: 1 } })
  await tenant.apply(planned.id)
  expect(await tenant.users()).toMatchObject([{ first_name: 'Jürgen', last_name: 'Müller' }])
})

test('#6 CSV template: it can be downloaded, and what is filled in by its column names is understood', async () => {
  const tenant = await office.tenant('template')
  const { text } = await tenant.ask('GET', '/imports/template?format=csv')
  const [header] = text.replace('\ufeff', '').split(/\r?\n/)
  const columns = header!.replaceAll('"', '').split(',')
  const filled = columns.map((column) => ({ extension: '1001', last_name: 'Abel', desk: 'A-1' })[column] ?? '')
  await tenant.bring(`${columns.join(',')}\n${filled.join(',')}\n`)
  expect(await tenant.users()).toMatchObject([{ extension: '1001', last_name: 'Abel', desk: 'A-1' }])
})

test('#11 review before adding: rows are looked at, edited, left out and added before anything is written', async () => {
  const tenant = await office.tenant('review')
  const { id } = await tenant.plan({ text: 'extension,last_name\n1001,Abel\n1002,Bell\n' })
  await tenant.change('PATCH', `/imports/${id}/rows/1`, { values: { first_name: 'Ada' } })
  await tenant.change('PATCH', `/imports/${id}/rows/2`, { skip: true })
  await tenant.change('PATCH', `/imports/${id}/rows/3`, { values: { extension: '1003', last_name: 'Cole' } })
  await tenant.settled(id)
  expect((await tenant.rows(id)).map(({ who, verdict }) => [who, verdict])).toEqual([
    ['Ada Abel (1001)', 'new'],
    ['Cole (1003)', 'new'],
  ])
  expect(await tenant.users()).toEqual([])
  await tenant.apply(id)
  expect((await tenant.users()).map(({ extension }) => extension)).toEqual(['1001', '1003'])
})

test('#12 #13 #14 #17 gate: wrong cells are marked, nothing is added before the last is corrected, and then as many as said', async () => {
  const tenant = await office.tenant('gate')
  const { id, counts } = await tenant.plan({
    text: 'extension,last_name,email\n1001,Abel,ada@example\n1002,Bell,b@example.org\n1003,Cole,c@x@y\n',
  })
  expect(counts).toMatchObject({ new: 1, problem: 2 })
  const marked = await tenant.rows(id, 'problem')
  expect(marked.map(({ row, problems, cells }) => [row, first(problems).field, cells['email']])).toEqual([
    [1, 'email', 'ada@example'],
    [3, 'email', 'c@x@y'],
  ])
  expect((await tenant.ask('POST', `/imports/${id}/apply`, {})).body).toMatchObject({ status: 409, code: 'import-problems' }) // prettier-ignore
  await tenant.change('PATCH', `/imports/${id}/rows/1`, { values: { email: 'ada@example.org' } })
  expect((await tenant.settled(id)).counts).toMatchObject({ new: 2, problem: 1 })
  expect((await tenant.ask('POST', `/imports/${id}/apply`, {})).status).toBe(409)
  await tenant.change('PATCH', `/imports/${id}/rows/3`, { values: { email: 'c@example.org' } })
  const clear = await tenant.settled(id)
  expect([clear.counts, clear.problems]).toMatchObject([{ new: 3, problem: 0 }, []])
  expect(await tenant.users()).toEqual([])
  await tenant.apply(id)
  expect(await tenant.users()).toHaveLength(clear.counts.new)
})

test('#15 #16 bulk option: voicemail transcription is enabled for all, or later for each', async () => {
  const tenant = await office.tenant('transcripts')
  await tenant.bring('extension,last_name\n1001,Abel\n1002,Bell\n', { set: { transcription: 'yes' } })
  await tenant.bring('extension,last_name\n1003,Cole\n')
  const states = async () => (await tenant.users()).map(({ transcription }) => Boolean(transcription))
  expect(await states()).toEqual([true, true, false])
  const [ada, , cem] = await tenant.users()
  await tenant.change('PATCH', `/users/${ada!.id}`, { transcription: false })
  await tenant.change('PATCH', `/users/${cem!.id}`, { transcription: true })
  expect(await states()).toEqual([false, true, true])
})

test('#18 #19 notify: new people get a mail, and the admin one when all of them have been added', async () => {
  const tenant = await office.tenant('notify')
  const text = 'extension,last_name,email\n1001,Abel,notify-a@example.org\n1002,Bell,notify-b@example.org\n'
  await tenant.bring(text, { notify: 'notify-admin@example.org' })
  const mailTo = async (name: string) => (await office.mailTo(`${name}@example.org`)).parsed
  expect((await mailTo('notify-a')).text).toMatch(/User name: notify-a@example\.org[^]*Choose your password here/)
  expect((await mailTo('notify-b')).text).toContain('Extension: 1002')
  expect(await mailTo('notify-admin')).toMatchObject({
    ...{ subject: expect.stringContaining('is done') as string, text: expect.stringContaining('New: 2') as string },
  })
})

test('#20 user must exist first: a number or phone for somebody who is not there is refused and names them', async () => {
  const tenant = await office.tenant('first')
  const { id } = await tenant.change('POST', '/dids', { number: '+493012345101' })
  const refused = await tenant.ask('PATCH', `/dids/${String(id)}`, { extension: '1001' })
  expect(refused.body).toMatchObject({ code: 'extension-unknown', detail: expect.stringContaining('1001') as string })
  const phone = { mac: '001565abcd71', model: 'T46U', user: 999_999_999 }
  expect((await tenant.ask('POST', '/devices', phone)).body).toMatchObject({ status: 404, code: 'user-unknown' })
  await tenant.change('POST', '/users', { extension: '1001', last_name: 'Abel' })
  await tenant.change('PATCH', `/dids/${String(id)}`, { extension: '1001' })
  expect(await tenant.users()).toMatchObject([{ dids: ['+493012345101'] }])
})

test('#21 #22 single create: one person with their data, and admin rights at once', async () => {
  const tenant = await office.tenant('single')
  const fields = { first_name: 'Ada', last_name: 'Abel', email: 'ada@example.org', desk: 'A-1', role: 'admin' }
  const { user } = await tenant.change('POST', '/users', { ...fields, extension: '1001' })
  expect(user).toMatchObject({ ...fields, calls: 'ready' })
  expect(await tenant.items('/roles')).toContainEqual(expect.objectContaining({ name: 'admin', is_admin: true }))
})

test('#23 service switches: telephony and fax are decided for each, and without telephony there is no account', async () => {
  const tenant = await office.tenant('services')
  await tenant.bring('extension,last_name,telephony,fax\n1001,Abel,yes,no\n1002,Bell,no,yes\n')
  expect(await tenant.users()).toMatchObject([
    { telephony: true, fax: false, calls: 'ready', endpoints: [{ name: '1001-services' }] },
    { telephony: false, fax: true, calls: 'off', endpoints: [] },
  ])
})

test('#24 #25 #26 number and extension: assigned at once, later or never; until then it is said that there are no calls', async () => {
  const tenant = await office.tenant('numbers')
  await tenant.bring('email,last_name,extension,did\nada@example.org,Abel,1001,+493012345111\nben@example.org,Bell,,\n')
  const [ada, ben] = await tenant.users()
  expect([ada, ben]).toMatchObject([
    { extension: '1001', dids: ['+493012345111'], calls: 'ready' },
    { extension: null, dids: [], calls: 'incomplete' },
  ])
  await tenant.change('PATCH', `/users/${ben!.id}`, { extension: '1002' })
  const { id } = await tenant.change('POST', '/dids', { number: '+493012345112' })
  await tenant.change('PATCH', `/dids/${String(id)}`, { extension: '1002' })
  expect(await tenant.users('ben')).toMatchObject([{ calls: 'ready', dids: ['+493012345112'] }])
})

test('#27 #29 devices: added at any time; from the third on the admin is warned, or from where the tenant says', async () => {
  const tenant = await office.tenant('devices')
  const { user } = await tenant.change('POST', '/users', { extension: '1001', last_name: 'Abel' })
  const { id } = user as { id: number }
  for (const mac of ['001565abcd81', '001565abcd82'])
    await tenant.change('POST', '/devices', { mac, model: 'T46U', user: id })
  expect(first(await tenant.users())['devices']).toMatchObject([{ mac: '001565abcd81' }, { mac: '001565abcd82' }])
  const third = { text: 'extension,mac,model\n1001,001565abcd83,T46U\n', options: { update: true } }
  const warned = async () => (await tenant.plan(third)).warnings.map(({ row, field, code }) => [row, field, code])
  expect(await warned()).toEqual([[1, 'mac', 'device-limit']])
  await tenant.set({ device_limit: '3' })
  expect(await warned()).toEqual([])
})

test('#28 #35 device kinds: desk phone, program on a mobile device and external line, each shown with its person', async () => {
  const tenant = await office.tenant('kinds')
  await tenant.bring(
    'extension,last_name,mac,model,sip_mode,sip_uri\n' +
      '1001,Abel,001565abcd91,T46U,,\n1002,Bell,,Groundwire,,\n1003,Cole,,,uri,sip:+491701234567@carrier.example.org\n',
  )
  expect(await tenant.users()).toMatchObject([
    { devices: [{ mac: '001565abcd91', model: 'T46U', line: 1 }], endpoints: [{ kind: 'desk' }] },
    { devices: [{ mac: null, model: 'Groundwire' }], endpoints: [{ kind: 'desk' }] },
    { devices: [], endpoints: [{ kind: 'uri' }], sip_uri: 'sip:+491701234567@carrier.example.org' },
  ])
})

test('#30 self-service: an admin changes name and address, and the person alone chooses the password', async () => {
  const tenant = await office.tenant('self')
  await tenant.bring('extension,last_name,email\n1001,Abel,self@example.org\n')
  const { parsed } = await office.mailTo('self@example.org')
  const { id } = first(await tenant.users())
  await tenant.change('PATCH', `/users/${id}`, { last_name: 'Bell', email: 'self.bell@example.org' })
  expect(await tenant.users()).toMatchObject([{ last_name: 'Bell', email: 'self.bell@example.org' }])
  const link = /http:\S+\/invite\/\S+/.exec(parsed.text!)![0]
  const body = new URLSearchParams({ password: 'chosen by its owner', repeat: 'chosen by its owner' })
  expect((await fetch(link, { method: 'POST', body })).status).toBe(200)
  const hash = async () => {
    const { rows } = await office.database.query('select password_hash from offhook.users where id = $1', [id])
    return (rows as { password_hash: string | null }[])[0]!.password_hash
  }
  await until('the password to be stored', async () => (await hash()) !== null)
  expect(await hash()).toMatch(/^\$argon2id\$/)
  expect((await fetch(link)).status).toBe(404)
})

test('#31 location: people get a stored one, later another, and none that is not stored', async () => {
  const tenant = await office.tenant('sites')
  for (const name of ['Berlin', 'Wien']) await tenant.change('POST', '/locations', { name })
  const { user } = await tenant.change('POST', '/users', { extension: '1001', last_name: 'Abel', location: 'Berlin' })
  const path = `/users/${(user as { id: number }).id}`
  expect((await tenant.change('PATCH', path, { location: 'Wien' }))['user']).toMatchObject({ location: 'Wien' })
  expect((await tenant.ask('PATCH', path, { location: 'Graz' })).body).toMatchObject({
    errors: [{ field: 'location', code: 'location-unknown' }],
  })
})

test('#32 admin later: administrator rights are given and taken at any time', async () => {
  const tenant = await office.tenant('rights')
  const { user } = await tenant.change('POST', '/users', { extension: '1001', last_name: 'Abel' })
  const path = `/users/${(user as { id: number }).id}`
  for (const role of ['admin', 'user'])
    expect((await tenant.change('PATCH', path, { role }))['user']).toMatchObject({ role })
})

test('#33 delete: a person leaves with account and mailbox, the number stays, and undo brings them back', async () => {
  const tenant = await office.tenant('leavers')
  await tenant.bring('extension,last_name,did\n1001,Abel,+493012345121\n')
  const { id } = first(await tenant.users())
  const { import: undoBy } = await tenant.change('DELETE', `/users/${id}`)
  expect(await tenant.users()).toEqual([])
  expect(await tenant.items('/dids')).toMatchObject([{ number: '+493012345121', user: null }])
  const left = async () =>
    (await office.database.query(`select from asterisk.ps_endpoints where id = '1001-leavers'`)).rowCount
  expect(await left()).toBe(0)
  await tenant.change('POST', `/imports/${String(undoBy)}/undo`)
  expect(await tenant.settled(Number(undoBy))).toMatchObject({ state: 'undone' })
  expect([(await tenant.users()).length, await left()]).toEqual([1, 1])
})

test('#34 users made at the start: the two people of the template can be taken over as they are, and more be added', async () => {
  const tenant = await office.tenant('start')
  const { bytes } = await tenant.ask('GET', '/imports/template?format=xlsx')
  const { id } = await tenant.plan(bytes)
  await tenant.apply(id)
  expect(await tenant.users()).toHaveLength(2)
  await tenant.bring('extension,last_name\n1100,Third\n')
  expect(await tenant.users()).toHaveLength(3)
})
