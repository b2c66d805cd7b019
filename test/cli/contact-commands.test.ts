import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure, openInstallation, PEOPLE, some } from './open-installation.ts'

let site: Awaited<ReturnType<typeof openInstallation>>
beforeAll(async () => {
  site = await openInstallation()
  expect(await site.json('import', site.file('people.csv', PEOPLE), '--apply')).toMatchObject([0, { state: 'applied' }])
})
afterAll(() => site.close())

test('contacts are added, changed, brought and removed, and stand in the phonebook', async () => {
  expect(await site.json('contact', 'add', 'Roofer', '+49 30 1234567')).toEqual([
    0,
    { id: some, name: 'Roofer', number: '+49301234567', mobile: null, home: null },
  ])
  await site.each({
    'contact add Roofer 1': [1, failure('already-there')],
    'contact add Mason x': [1, failure('input-invalid')],
    'contact remove Rofer': [1, failure('contact-unknown')],
  })
  expect(await site.json('contact', 'set', 'Roofer', '--mobile', '0170 1')).toMatchObject([0, { mobile: '01701' }])
  const list = site.file('contacts.csv', 'name,phone\nTaxi,19410\n')
  expect(await site.json('contact', 'import', list)).toMatchObject([2, { counts: { new: 1, missing: 1 } }])
  expect(await site.json('contact', 'import', list, '--apply')).toMatchObject([0, { applied: true }])
  expect(await site.json('contact', 'import', site.file('bad.csv', 'name,phone\nX,\n'))).toMatchObject([1, {}])
  const [, book] = (await site.json('phonebook', 'show')) as [number, { entries: { name: string; number: string }[] }]
  expect(book.entries.map(({ name, number }) => `${name} ${number}`)).toEqual(
    expect.arrayContaining(['Roofer +49301234567', 'Taxi 19410', expect.stringMatching(/ 1001$/) as string]),
  )
  const [, file] = (await site.json('phonebook', 'show', '--family', 'yealink')) as [number, { text: string }]
  expect(file.text).toContain('<Name>Roofer</Name>\n<Telephone>+49301234567</Telephone>\n<Telephone>01701</Telephone>')
  const [, menu] = (await site.json('phonebook', 'show', '--family', 'cisco-sep')) as [number, { text: string }]
  expect(menu.text).toContain('<CiscoIPPhoneDirectory>')
  await site.each({
    'phonebook show --family nokia': [1, failure('input-invalid')],
    'phonebook show --family cisco-ata': [1, failure('input-invalid')],
    'phonebook show --family cisco-sep --page 9': [1, failure('input-invalid')],
  })
}, 180_000)

test('a tenant may keep its phonebook from its phones', async () => {
  const render = async () => {
    const [, rendered] = (await site.json('phone', 'render', '001565abcd01', '001565abcd01.cfg')) as [
      number,
      { text: string },
    ]
    return rendered.text.includes('phonebook.xml')
  }
  expect(await render()).toBe(true)
  expect(await site.json('phonebook', 'off')).toMatchObject([0, { companyPhonebook: false }])
  expect(await render()).toBe(false)
  const [, shown] = (await site.json('phone', 'show', '001565abcd01')) as [number, { phonebook: string }]
  expect(shown.phonebook).toBe('switched off')
  expect(await site.json('phonebook', 'on')).toMatchObject([0, {}])
  expect(await render()).toBe(true)
  expect(await site.json('phone', 'render', '001565abcd01', 'phonebook.xml')).toMatchObject([
    ...[0, { text: expect.stringContaining('<Name>Taxi</Name>') as string }],
  ])
}, 180_000)
