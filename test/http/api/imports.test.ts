import { afterAll, beforeAll, expect, test } from 'vitest'
import { workOnImport } from '../../../src/people/stored-imports/work-on-import.ts'
import { type OpenApi, openApi } from './open-api.ts'

let api: OpenApi
let token: string

beforeAll(async () => {
  api = await openApi()
  token = await api.token(api.desk.acme.id, 'people:write')
})
afterAll(() => api.close())

const ask = (...words: [method: string, path: string, body?: unknown, headers?: Record<string, string>]) =>
  api.ask(token, ...words)
const csv = { 'Content-Type': 'text/csv' }

/** What the background does about an import. */
async function work(): Promise<void> {
  while (await workOnImport(api.owner, api.desk));
}

test('a file is brought, looked at, corrected, applied and undone', async () => {
  const file =
    'Nebenstelle;Vorname;Nachname;E-Mail\n4001;Ada;Abel;ada@example.org\n4002;Ben;Bell;ben@example\n4003;Cem;Can;\n'
  const made = await ask('POST', '/imports?source=list.csv', Buffer.from(file), csv)
  expect([made.status, made.body['state'], made.body['source']]).toEqual([202, 'planning', 'list.csv'])
  const path = made.headers.get('location')!.replace('/api/v1', '')
  expect(path).toBe(`/imports/${String(made.body['id'])}`)
  await work()
  const planned = await ask('GET', path)
  expect(planned.body).toMatchObject({
    ...{ state: 'planned', counts: { new: 2, problem: 1 }, detected: { delimiter: ';' } },
  })
  const { body } = await ask('GET', `${path}/rows?verdict=problem`)
  expect(body['items']).toMatchObject([{ row: 2, verdict: 'problem', problems: [{ field: 'email', row: 2 }] }])
  expect((await ask('POST', `${path}/apply`, {})).body).toMatchObject({ status: 409, code: 'import-problems' })

  expect((await ask('PATCH', `${path}/rows/2`, { values: { email: 'ben@example.org' } })).body['state']).toBe(
    'planning',
  )
  await work()
  const again = await ask('GET', path)
  expect(again.body).toMatchObject({ state: 'planned', counts: { new: 3, problem: 0 } })
  const stale = await ask('POST', `${path}/apply`, { revision: planned.body['revision'] })
  expect(stale.status).toBe(409)
  expect((await ask('POST', `${path}/apply`, { revision: again.body['revision'] })).body['state']).toBe('applying')
  await work()
  expect((await ask('GET', path)).body).toMatchObject({ state: 'applied', progress: { phase: 'done' } })
  expect((await ask('GET', '/users?q=400')).body['items']).toMatchObject([
    { extension: '4001' },
    { extension: '4002', email: 'ben@example.org' },
    { extension: '4003' },
  ])
  expect((await ask('GET', '/imports')).body['items']).toMatchObject([{ id: made.body['id'], actor: 'token:t1' }])
  const undoing = await ask('POST', `${path}/undo`)
  expect([undoing.status, undoing.body['state']]).toEqual([202, 'undoing'])
  expect((await ask('POST', `${path}/undo`)).body).toMatchObject({ status: 409, code: 'import-state' })
  await work()
  expect((await ask('GET', path)).body).toMatchObject({
    ...{ state: 'undone', kept: [], progress: { phase: 'done', done: 3, total: 3 } },
  })
  expect((await ask('GET', '/users?q=400')).body['items']).toEqual([])
})

test('rows, a pasted table and other options come the same way', async () => {
  const rows = await ask('POST', '/imports', { rows: [{ Durchwahl: 4101, first_name: 'Dee' }], source: 'crm' })
  const text = await ask('POST', '/imports', {
    text: 'extension\tfirst_name\n4102\tEli\n',
    options: { set: { desk: 'B' } },
  })
  await work()
  for (const { body } of [rows, text])
    expect((await ask('GET', `/imports/${String(body['id'])}`)).body).toMatchObject({
      ...{ state: 'planned', counts: { new: 1, problem: 0 } },
    })
  const path = `/imports/${String(text.body['id'])}`
  await ask('PATCH', path, { set: { desk: 'C' } })
  await work()
  const [row] = (await ask('GET', `${path}/rows`)).body['items'] as { changes: { fields: { desk?: string } }[] }[]
  expect(row!.changes.find(({ fields }) => 'desk' in fields)?.fields.desk).toBe('C')
  for (const wrong of [{}, { rows: [], text: '' }, { rows: [], bytes: '' }, { rows: [1] }])
    expect((await ask('POST', '/imports', wrong)).body).toMatchObject({ status: 422, code: 'body-invalid' })
  expect((await ask('POST', '/imports?shape=x', Buffer.from('a'), csv)).body).toMatchObject({ code: 'query-invalid' })
  expect((await ask('POST', '/imports', Buffer.from('a'), { 'Content-Type': 'image/png' })).status).toBe(415)
})

test('the rows with problems come as a file, and back corrected', async () => {
  const made = await ask('POST', '/imports', Buffer.from('extension,first_name,email\n4201,Fay,fay\n4202,Gil,\n'), csv)
  await work()
  const path = `/imports/${String(made.body['id'])}`
  const errors = await ask('GET', `${path}/errors.csv`)
  expect(errors.headers.get('content-disposition')).toMatch(/^attachment; filename="import-\d+-errors\.csv"$/)
  expect(errors.text).toContain('4201')
  expect(errors.text).not.toContain('4202')
  const corrected = errors.text.replace(/(4201.*?)fay(?=[^@])/, '$1fay@example.org')
  expect((await ask('POST', `${path}/corrections`, 'extension\n4201\n', csv)).body['state']).toBe('correcting')
  await work()
  expect((await ask('GET', path)).body).toMatchObject({
    ...{ state: 'planned', refused: [{ row: 0, code: 'problem-column-missing' }] },
  })
  expect((await ask('POST', `${path}/corrections`, corrected, csv)).status).toBe(202)
  await work()
  expect((await ask('GET', path)).body).toMatchObject({ state: 'planned', counts: { new: 2, problem: 0 } })
  expect((await ask('POST', `${path}/corrections`)).body).toMatchObject({ status: 400, code: 'body-missing' })
})

test('credentials are given once, to one of many who ask', async () => {
  const made = await ask('POST', '/imports', { rows: [{ extension: '4301', first_name: 'Hal' }] })
  await work()
  const path = `/imports/${String(made.body['id'])}`
  await ask('POST', `${path}/apply`, {})
  await work()
  const key = { 'Idempotency-Key': 'credentials' }
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ask('POST', `${path}/credentials.csv`, undefined, key)),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410, 410, 410])
  const given = answers.find(({ status }) => status === 200)!
  expect(given.headers.get('cache-control')).toBe('no-store')
  expect(given.text).toContain('4301')
})

test('who follows an import hears of every change until nothing is under way', async () => {
  const made = await ask('POST', '/imports', { rows: [{ extension: '4401', first_name: 'Ira' }] })
  const path = `/imports/${String(made.body['id'])}`
  const response = await fetch(`${api.origin}/api/v1${path}/events`, { headers: { Authorization: `Bearer ${token}` } })
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  let text = ''
  for await (const chunk of response.body!) {
    if (text === '') await work()
    text += Buffer.from(chunk).toString('utf8')
  }
  const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => [
    name,
    (JSON.parse(data!) as { state: string }).state,
  ])
  expect(events[0]).toEqual(['progress', 'planning'])
  expect(events.at(-1)).toEqual(['end', 'planned'])
  expect((await ask('GET', '/imports/999999/events')).status).toBe(404)
})

test('what is exported can be brought again and changes nothing; a template can be filled in', async () => {
  await ask('POST', '/users', { extension: '4501', first_name: 'Jan', did: '+49301234599' })
  const file = await ask('GET', '/exports/users')
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(file.text).toContain('+49301234599')
  const made = await ask('POST', '/imports?update=true', file.text, csv)
  await work()
  const { body } = await ask('GET', `/imports/${String(made.body['id'])}`)
  expect(body).toMatchObject({ state: 'planned', counts: { new: 0, changed: 0, problem: 0, missing: 0 } })
  const template = await ask('GET', '/imports/template?format=csv')
  expect(template.text.split('\n')[0]).toContain('extension')
  const workbook = await ask('GET', '/imports/template')
  expect(workbook.headers.get('content-disposition')).toBe('attachment; filename="people.xlsx"')
  expect(workbook.text.slice(0, 2)).toBe('PK')
})

test('an export that breaks off is no whole file, and one that cannot begin says so', async () => {
  const rows = Array.from({ length: 450 }, (_, n) => ({ extension: String(47_000 + n), first_name: 'Lou' }))
  const { id } = (await ask('POST', '/imports', { rows })).body
  await work()
  await ask('POST', `/imports/${String(id)}/apply`, {})
  await work()
  // Somebody on the last page, then somebody on the first one, who cannot be read.
  const { rows: found } = await api.database.query('select min(id) as first, max(id) as last from offhook.users')
  const { first, last } = (found as { first: number; last: number }[])[0]!
  const spoil = (id: number) =>
    api.database.query(
      `create function offhook.spoil(bigint) returns boolean language sql as 'select 1 / ($1 - ${id}) is not null';
       create policy spoil on offhook.users as restrictive to offhook_app using (offhook.spoil(id))`,
    )
  const heal = () => api.database.query('drop policy spoil on offhook.users; drop function offhook.spoil')
  await spoil(last)
  const headers = { Authorization: `Bearer ${token}` }
  const response = await fetch(`${api.origin}/api/v1/exports/users?format=xlsx`, { headers })
  expect(response.status).toBe(200)
  await expect(response.arrayBuffer()).rejects.toThrow()
  expect(api.warnings).toHaveLength(1)
  await heal()
  await spoil(first)
  expect((await ask('GET', '/exports/users')).status).toBe(500)
  await heal()
  const whole = await ask('GET', '/exports/users')
  expect(whole.text.split('\r\n').length).toBeGreaterThan(450)
})

test('new passwords are issued in bulk, and are in the credentials of that import', async () => {
  const ids: number[] = []
  for (const extension of ['4601', '4602']) {
    const { body } = await ask('POST', '/users', { extension, first_name: 'Kay' })
    ids.push((body['user'] as { id: number }).id)
  }
  const issued = await ask('POST', '/users/reissue', { users: ids })
  expect([issued.status, issued.body['state']]).toEqual([202, 'applying'])
  const path = issued.headers.get('location')!.replace('/api/v1', '')
  await work()
  const done = await ask('GET', path)
  expect(done.body).toMatchObject({ state: 'applied', counts: { changed: 2 } })
  expect(done.text).not.toContain('"password"')
  const given = await ask('POST', `${path}/credentials.csv`)
  expect([given.status, given.text]).toEqual([200, expect.stringContaining('4602')])
  expect((await ask('POST', '/users/reissue', { users: [999_999] })).body).toMatchObject({ code: 'user-unknown' })
})
