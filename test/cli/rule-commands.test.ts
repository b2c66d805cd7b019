import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, openInstallation, some } from './open-installation.ts'

let site: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  site = await openInstallation()
})
afterAll(() => site.close())

test('rules of the tenant and a location make people, and say where they come from', async () => {
  expect(await site.json('tenant', 'set', 'country=DE', 'extension_range=1000-1999', 'language=de')).toEqual([
    0,
    { tenant: 'default', defaults: { country: 'DE', extension_range: '1000-1999', language: 'de' } },
  ])
  expect(
    await site.json('location', 'add', 'Wien', 'extension_range=2000-2099', '--setting', 'vlanId=20'),
  ).toMatchObject([0, { name: 'Wien', defaults: { extension_range: '2000-2099' }, settings: { vlanId: 20 } }])
  const file = site.file('people.csv', 'email,last_name,location\na@example.org,Abel,\nb@example.org,Bell,Wien\n')
  expect(await site.json('import', file, '--set', 'ring_seconds=40', '--apply')).toMatchObject([
    0,
    { state: 'applied' },
  ])
  await site.each({
    'location list': [0, [expect.objectContaining({ name: 'Wien', people: 1 })]],
    'location set Wien colour=red': [1, failure('input-invalid')],
    'location set Wien --setting vlanId=9999': [1, failure('input-invalid')],
    'location remove Wien': [1, failure('in-use')],
    'location set Paris language=fr': [1, failure('location-unknown')],
    'tenant set language': [1, failure('input-invalid')],
    'tenant set ring_secnds=20': [
      1,
      { error: { code: 'input-invalid', message: expect.stringContaining('ring_seconds') as string } },
    ],
    'tenant show --location Wien': [
      0,
      {
        defaults: { country: 'DE', extension_range: '1000-1999', language: 'de' },
        effective: expect.arrayContaining([
          { name: 'extension_range', value: '2000-2099', from: 'location' },
          { name: 'language', value: 'de', from: 'tenant' },
        ]) as unknown,
      },
    ],
  })
  expect(await site.json('tenant', 'set', 'language=')).toMatchObject([0, { defaults: { country: 'DE' } }])
}, 180_000)

test('a secret setting of a location comes from a file and is shown to nobody', async () => {
  await site.json('location', 'add', 'Linz')
  const key = site.file('key.txt', 'Key0fThisSite123\n')
  const set = await site.json('location', 'set', 'Linz', '--secret', `fileKey=${key}`, '--setting', 'encryptFiles=true')
  expect(set).toMatchObject([0, { settings: { fileKey: '***', encryptFiles: true } }])
  expect(JSON.stringify([set, await site.json('location', 'list')])).not.toMatch(/Key0f|sealed/)
  const short = site.file('short.txt', 'Sh0rtKey\n')
  const refused = await site.json('location', 'set', 'Linz', '--secret', `fileKey=${short}`)
  expect(refused).toMatchObject([1, failure('input-invalid')])
  expect(JSON.stringify(refused)).not.toContain('Sh0rtKey')
  expect(await site.json('location', 'set', 'Linz', '--setting', 'fileKey=Key0fThisSite123')).toMatchObject([
    ...[1, failure('input-invalid')],
  ])
  expect(await site.json('location', 'set', 'Linz', '--secret', 'fileKey=')).toMatchObject([
    ...[0, { settings: { encryptFiles: true } }],
  ])
  await site.json('location', 'remove', 'Linz')
}, 120_000)

test('roles are added, changed, listed and removed', async () => {
  const role = { id: some, name: 'Sales', is_admin: false, authentication: 'email' }
  expect(await site.json('role', 'add', 'Sales', '--authentication', 'email')).toEqual([0, role])
  expect(await site.json('role', 'set', 'Sales', '--name', 'field', '--admin')).toEqual([
    0,
    { ...role, name: 'field', is_admin: true },
  ])
  await site.each({
    'role list': [
      0,
      [
        expect.objectContaining({ name: 'admin' }),
        expect.objectContaining({ name: 'field' }),
        expect.objectContaining({ name: 'user' }),
      ],
    ],
    'role remove user': [1, failure('in-use')],
    'role remove usher': [1, failure('role-unknown')],
    'role explain 4711': [1, failure('user-unknown')],
  })
  expect(await site.json('role', 'remove', 'field')).toEqual([0, { role: 'field' }])
}, 180_000)

test('public numbers wait for somebody, ring them, and are given back', async () => {
  const [one, two] = ['+49301234501', '+49301234502']
  expect(await site.json('did', 'add', one, '030 1234502')).toEqual([0, { numbers: [one, two] }])
  expect(await site.json('did', 'assign', one, '1000')).toEqual([0, { number: one, extension: '1000' }])
  await site.each({
    'did list': [
      0,
      [
        expect.objectContaining({ number: one, extension: '1000' }),
        expect.objectContaining({ number: two, extension: null }),
      ],
    ],
    'did list --free': [0, [expect.objectContaining({ number: two })]],
    [`did remove ${one}`]: [1, failure('in-use')],
    [`did assign ${two} 1999`]: [1, failure('extension-unknown')],
    [`did add ${one}`]: [1, failure('already-there')],
    'did release 12': [1, failure('did-unknown')],
  })
  expect(await site.json('did', 'release', one)).toEqual([0, { number: one }])
  expect(await site.json('did', 'remove', one)).toEqual([0, { number: one }])
}, 180_000)
