import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './expectations/open-office.ts'
import { first } from './expectations/open-tenant.ts'

/** What admins complain about elsewhere, where no other test shows our answer as a whole. */
let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

test('“umlauts are broken”: what was detected is told, and can be overridden afterwards', async () => {
  const tenant = await office.tenant('umlauts')
  // Mac Roman: 9F is ü, which windows-1252 reads as Ÿ.
  const file = Buffer.concat([
    Buffer.from('extension;last_name\n1001;M'),
    Buffer.from([0x9f]),
    Buffer.from('ller\n1002;B'),
    Buffer.from([0x8a]),
    Buffer.from('r\n'),
  ])
  const { id, detected } = await tenant.plan(file)
  expect(detected).toMatchObject({ delimiter: ';', encoding: 'windows-1252' })
  expect((await tenant.rows(id)).map(({ who }) => who)).not.toContain('Müller (1001)')
  await tenant.change('PATCH', `/imports/${id}`, { encoding: 'macintosh' })
  expect(await tenant.settled(id)).toMatchObject({ counts: { new: 2, problem: 0 } })
  expect((await tenant.rows(id)).map(({ who }) => who)).toEqual(['Müller (1001)', 'Bär (1002)'])
})

test('“correct, cancel, upload again, for ever”: one repair cures all rows with one cause, in place', async () => {
  const tenant = await office.tenant('repairs')
  const rows = Array.from({ length: 40 }, (_, at) => `${2001 + at},P,${1565000100 + at},T46U`)
  const { id, counts } = await tenant.plan({ text: `extension,last_name,mac,model\n${rows.join('\n')}\n` })
  expect(counts).toMatchObject({ new: 0, problem: 40 })
  const cause = { field: 'mac', code: 'mac-damaged' }
  expect(await tenant.change('POST', `/imports/${id}/repairs`, cause)).toEqual({ rows: 40 })
  expect((await tenant.settled(id)).counts).toMatchObject({ new: 40, problem: 0 })
})

test('“which numbers are free?”: all rows whose extension cannot be theirs get the next free ones at once', async () => {
  const tenant = await office.tenant('free')
  await tenant.set({ extension_range: '2000-2099', reserved_numbers: '2000-2001' })
  const { id, problems } = await tenant.plan({
    text: 'extension,last_name,email\n2000,Abel,a@example.org\n2001,Bell,b@example.org\n2002,Cole,c@example.org\n',
  })
  expect(problems.map(({ row, code }) => [row, code])).toEqual([
    [1, 'extension-reserved'],
    [2, 'extension-reserved'],
  ])
  await tenant.change('POST', `/imports/${id}/repairs`, { field: 'extension', code: 'extension-reserved', value: '' })
  expect((await tenant.settled(id)).counts).toMatchObject({ new: 3, problem: 0 })
  await tenant.apply(id)
  expect((await tenant.users()).map(({ extension }) => extension)).toEqual(['2003', '2004', '2002'])
})

test('“success that is none”: every row is counted once, the first and the last too, every column is used or named, and what was written is read back', async () => {
  const tenant = await office.tenant('success')
  const { id, counts, detected } = await tenant.bring(
    'extension,last_name,Lieblingsfarbe\n1001,First,red\n1002,Middle,blue\n1003,Last,green',
  )
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(3)
  expect(JSON.stringify(detected)).toContain('Lieblingsfarbe')
  expect((await tenant.rows(id)).map(({ row, who }) => [row, who])).toEqual([
    [1, 'First (1001)'],
    [2, 'Middle (1002)'],
    [3, 'Last (1003)'],
  ])
  expect((await tenant.users()).map(({ last_name }) => last_name)).toEqual(['First', 'Middle', 'Last'])
  expect((await tenant.offhook(['drift']))[1]).toMatchObject({ changes: [], problems: [] })
})

test('“its own export cannot be imported again”: every format of it changes nothing', async () => {
  const tenant = await office.tenant('roundtrip')
  await tenant.change('POST', '/groups', { name: 'Sales' })
  await tenant.bring(
    'extension,first_name,last_name,email,did,mac,model,groups,tags,voicemail_pin\n' +
      '0101,Jürgen,"=Müller, jr.",j@example.org,+493012345401,001565abcde1,T46U,Sales,"a, b",864213\n1002,,Bell,,,,,,,\n',
  )
  for (const query of ['format=csv', 'format=csv&excel_safe=true', 'format=xlsx']) {
    const { bytes } = await tenant.ask('GET', `/exports/users?${query}`)
    expect((await tenant.plan(bytes)).counts, query).toEqual({
      new: 0,
      changed: 0,
      unchanged: 2,
      missing: 0,
      problem: 0,
    })
  }
})

test('“things are overwritten or deleted by surprise”: changes and absences are shown, and left alone unless wanted', async () => {
  const tenant = await office.tenant('surprise')
  await tenant.bring('extension,last_name,desk\n1001,Abel,A\n1002,Bell,B\n1003,Cole,C\n')
  const text = 'extension,last_name,desk\n1001,Abel,Z\n1002,Bell,-\n'
  const shy = await tenant.bring(text)
  expect(shy.counts).toMatchObject({ changed: 2 })
  expect((await tenant.users()).map(({ desk }) => desk)).toEqual(['A', 'B', 'C'])
  const bold = await tenant.bring(text, { update: true, prune: true })
  expect(bold.counts).toMatchObject({ changed: 2, missing: 1 })
  expect((await tenant.users()).map(({ desk }) => desk)).toEqual(['Z', null])
  await tenant.change('POST', `/imports/${bold.id}/undo`)
  expect(await tenant.settled(bold.id)).toMatchObject({ state: 'undone' })
  expect((await tenant.users()).map(({ desk }) => desk).toSorted()).toEqual(['A', 'B', 'C'])
})

test('“a duplicate MAC address of another organisation”: it is told that it is taken, and not by whom', async () => {
  const [one, two] = [await office.tenant('holder'), await office.tenant('seeker')]
  await one.bring('extension,last_name,mac,model\n1001,Abel,001565abcdf1,T46U\n')
  const { id } = await two.plan({ text: 'extension,last_name,mac,model\n1001,Bell,00-15-65-AB-CD-F1,T46U\n' })
  const [problem] = first(await two.rows(id, 'problem')).problems
  expect(problem).toMatchObject({
    field: 'mac',
    code: 'mac-taken',
    message: expect.stringContaining('in use') as string,
  })
  expect(JSON.stringify(problem)).not.toMatch(/holder|Abel/)
})

test('“the proxy gave up, and the retry made everything twice”: a file with an Idempotency-Key is one import', async () => {
  const tenant = await office.tenant('retry')
  const send = () =>
    office.ask(tenant.token, 'POST', '/imports', 'extension,last_name\n1001,Abel\n', { 'Idempotency-Key': 'people-1' })
  const [sent, again] = [await send(), await send()]
  expect([sent.status, again.status, again.body['id']]).toEqual([202, 202, sent.body['id']])
  expect(await tenant.items('/imports')).toHaveLength(1)
  await tenant.settled(Number(sent.body['id']))
  await tenant.apply(Number(sent.body['id']))
  expect(await tenant.users()).toHaveLength(1)
})

test('“who did that, and what became of it”: the history tells file, admin, times, counts and undo, and keeps what was brought', async () => {
  const tenant = await office.tenant('history')
  const file = 'extension,last_name,email\n1001,Abel,\n1002,Bell,x\n'
  const { id } = await tenant.plan(file, '?source=people.csv')
  await tenant.apply(id, { only_valid: true })
  await tenant.change('POST', `/imports/${id}/undo`)
  await tenant.settled(id)
  expect(await tenant.items('/imports')).toMatchObject([
    {
      ...{ id, source: 'people.csv', actor: 'token:history', state: 'undone', counts: { new: 1, problem: 1 } },
      ...{ applied_at: expect.any(String) as string, undone_at: expect.any(String) as string, kept: [] },
    },
  ])
  expect((await tenant.ask('GET', `/imports/${id}/source`)).text).toBe(file)
  await office.database.query('update offhook.imports set content = null where id = $1', [id])
  expect((await tenant.ask('GET', `/imports/${id}/source`)).body).toMatchObject({ status: 409, code: 'import-state' })
  const rows = [{ extension: 1003, last_name: 'Cole' }]
  const { id: second } = await tenant.plan({ rows })
  expect(JSON.parse((await tenant.ask('GET', `/imports/${second}/source`)).text)).toEqual(rows)
})
