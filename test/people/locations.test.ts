import { expect, test } from 'vitest'
import { applyImport } from '../../src/people/import-people.ts'
import { addLocation, changeLocation, listLocations, removeLocation } from '../../src/people/locations.ts'
import { describeTenantDefaults, setTenantDefaults } from '../../src/people/tenant-defaults.ts'
import { openTestDesk } from './open-test-desk.ts'

const { database, desk } = await openTestDesk()

const run = (text: string) =>
  applyImport(desk, {
    ...{ tenant: desk.acme, source: 'people.csv', actor: 'test', options: {} },
    input: { kind: 'file', bytes: Buffer.from(text) },
  })
const refusal = (code: string, message: string) => ({ code, message: expect.stringContaining(message) as string })

test('a location is added, changed, listed with who is there, and removed when nobody is', async () => {
  const made = await addLocation(desk, desk.acme, { name: ' Berlin ', defaults: { language: 'de' } }, 'test')
  expect(made).toMatchObject({ name: 'Berlin', defaults: { language: 'de' }, people: 0 })
  await expect(addLocation(desk, desk.acme, { name: 'Berlin' }, 'test')).rejects.toMatchObject({
    code: 'already-there',
  })
  await addLocation(desk, desk.zeta, { name: 'Berlin' }, 'test')
  await run('extension,last_name,location\n1001,Abel,berlin\n')
  const changes = { name: 'Hamburg', defaults: { language: '', timezone: 'Europe/Berlin' }, settings: { vlanId: 20 } }
  await changeLocation(desk, desk.acme, made.id, changes, 'test')
  expect(await listLocations(desk, desk.acme)).toEqual([
    {
      ...{ id: made.id, name: 'Hamburg', people: 1, phones: 0 },
      ...{ defaults: { timezone: 'Europe/Berlin' }, settings: { vlanId: 20 } },
    },
  ])
  await expect(removeLocation(desk, desk.acme, 'Hamburg', 'test')).rejects.toMatchObject(refusal('in-use', '1 people'))
  await expect(removeLocation(desk, desk.acme, 'Hambrug', 'test')).rejects.toMatchObject(
    refusal('location-unknown', 'Is it Hamburg?'),
  )
  await addLocation(desk, desk.acme, { name: 'Wien' }, 'test')
  await removeLocation(desk, desk.acme, 'Wien', 'test')
  expect((await listLocations(desk, desk.acme)).map(({ name }) => name)).toEqual(['Hamburg'])
  const { rows } = await database.query(
    `select action, object from offhook.audit where tenant_id = $1 and action like 'location-%' order by id`,
    [desk.acme.id],
  )
  expect(rows).toEqual([
    { action: 'location-add', object: 'Berlin' },
    { action: 'location-set', object: 'Berlin' },
    { action: 'location-add', object: 'Wien' },
    { action: 'location-remove', object: 'Wien' },
  ])
})

test('its defaults and rules complete its new people, before those of the tenant', async () => {
  await addLocation(
    desk,
    desk.acme,
    { name: 'Graz', defaults: { model: 'T46U', country: 'AT', language: 'de-AT' } },
    'test',
  )
  await setTenantDefaults(desk, desk.acme, { country: 'DE', language: 'de', model: 'GRP2614' }, 'test')
  const file =
    'extension,last_name,location,did,mac\n2001,Gruber,Graz,0316 123456,001565010101\n2002,Bell,,030 1234567,001565010102\n'
  expect(await run(file)).toMatchObject({ state: 'applied' })
  const { rows } = await database.query(
    `select u.language, d.number, v.model from offhook.users u join offhook.extensions x on x.user_id = u.id
       join offhook.dids d on d.extension_id = x.id join offhook.devices v on v.user_id = u.id order by x.number`,
  )
  expect(rows).toEqual([
    { language: 'de-AT', number: '+43316123456', model: 'T46U' },
    { language: 'de', number: '+49301234567', model: 'GRP2614' },
  ])
})

test('a default is refused by name and with its cure, and nothing is changed by halves', async () => {
  const before = await describeTenantDefaults(desk, desk.acme)
  const set = (changes: Record<string, string>) => setTenantDefaults(desk, desk.acme, changes, 'test')
  await expect(set({ usrename_rule: 'email' })).rejects.toMatchObject(refusal('input-invalid', 'username_rule is near'))
  await expect(set({ ring_seconds: '1', language: 'fr' })).rejects.toMatchObject(
    refusal('input-invalid', 'from 5 to 300'),
  )
  await expect(set({ location: 'Nowhere' })).rejects.toMatchObject(refusal('input-invalid', 'Nowhere'))
  await expect(set({ voicemail_pin: '4711' })).rejects.toMatchObject(refusal('input-invalid', 'secret'))
  expect(await describeTenantDefaults(desk, desk.acme)).toEqual(before)
})

test('what is in effect says where it comes from, for a place or for none', async () => {
  const { defaults, effective } = await describeTenantDefaults(desk, desk.acme, 'Graz')
  expect(defaults).toEqual({ country: 'DE', language: 'de', model: 'GRP2614' })
  expect(effective).toEqual(
    expect.arrayContaining([
      { name: 'country', value: 'AT', from: 'location' },
      { name: 'language', value: 'de-AT', from: 'location' },
      { name: 'ring_seconds', value: '20', from: 'system' },
      { name: 'role', value: 'user', from: 'system' },
    ]),
  )
  const general = await describeTenantDefaults(desk, desk.acme)
  expect(general.effective).toContainEqual({ name: 'country', value: 'DE', from: 'tenant' })
})

test("the tenant's default location follows a new name, and is not removed", async () => {
  await setTenantDefaults(desk, desk.acme, { location: 'Graz' }, 'test')
  await changeLocation(desk, desk.acme, 'Graz', { name: 'Linz' }, 'test')
  expect((await describeTenantDefaults(desk, desk.acme)).defaults).toMatchObject({ location: 'Linz' })
  await addLocation(desk, desk.zeta, { name: 'Linz' }, 'test')
  await setTenantDefaults(desk, desk.zeta, { location: 'Linz' }, 'test')
  await expect(removeLocation(desk, desk.zeta, 'Linz', 'test')).rejects.toMatchObject({ code: 'in-use' })
})
