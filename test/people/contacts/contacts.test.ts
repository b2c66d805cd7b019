import { afterAll, beforeAll, expect, it } from 'vitest'
import { AppError } from '../../../src/model/app-error.ts'
import { addContact, changeContact, listContacts, removeContact } from '../../../src/people/contacts/edit-contacts.ts'
import { importContacts } from '../../../src/people/contacts/import-contacts.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openDesk } from '../open-desk.ts'

let database: TestDatabase
let desk: Awaited<ReturnType<typeof openDesk>>

beforeAll(async () => {
  database = await createTestDatabase()
  desk = await openDesk(database)
})
afterAll(async () => {
  await desk.pool.end()
  await database.close()
})

const bring = (text: string, options: Parameters<typeof importContacts>[3] = {}) =>
  importContacts(desk, desk.acme, { source: { kind: 'file', bytes: Buffer.from(text) }, actor: 'test' }, options)
const names = async (tenant = desk.acme) => (await listContacts(desk, tenant)).map(({ name }) => name)

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => null).catch((caught: unknown) => caught)
  return error instanceof AppError ? error.code : String(error)
}

it('adds, changes, lists and removes contacts of one tenant', async () => {
  const texts = { name: ' Jo  Plumber ', number: '+49 (0)30 / 123-45.67', mobile: '0170 1', home: '' }
  const added = await addContact(desk, desk.acme, texts, 'test')
  expect(added).toMatchObject({ name: 'Jo Plumber', number: '+49301234567', mobile: '01701', home: null })
  expect(await codeOf(addContact(desk, desk.acme, texts, 'test'))).toBe('already-there')
  await addContact(desk, desk.zeta, texts, 'test')
  expect(await changeContact(desk, desk.acme, added.id, { mobile: null, home: '*97' }, 'test')).toMatchObject({
    ...{ name: 'Jo Plumber', mobile: null, home: '*97' },
  })
  expect(await codeOf(changeContact(desk, desk.zeta, added.id, { home: '1' }, 'test'))).toBe('contact-unknown')
  expect(await codeOf(removeContact(desk, desk.acme, 'Jo Plumer', 'test'))).toBe('contact-unknown')
  await removeContact(desk, desk.acme, 'Jo Plumber', 'test')
  expect([await names(), await names(desk.zeta)]).toEqual([[], ['Jo Plumber']])
})

it.each([
  [{ name: '', number: '1' }, 'name'],
  [{ name: 'Jo\u202e', number: '1' }, 'name'],
  [{ name: 'Jo', number: '' }, 'number'],
  [{ name: 'Jo', number: 'one' }, 'number'],
  [{ name: 'Jo', number: '1', mobile: "1'; drop table" }, 'mobile'],
])('refuses %j and names the field', async (texts, field) => {
  const error = await addContact(desk, desk.acme, texts, 'test').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'input-invalid' })
  expect((error as AppError).message).toContain(`${field}: `)
})

it('brings a list with the columns as people call them, and again without a change', async () => {
  const list =
    'Vorname;Nachname;Firma;Telefon;Handy;Notiz\nJo;Doe;Acme;030 123;0170 9;x\n;;Taxi;19410;;\nMo;Moe;;;0171 1;\n'
  expect(await bring(list)).toMatchObject({ counts: { new: 3, problem: 0 }, ignored: ['Notiz'], applied: false })
  expect(await names()).toEqual([])
  expect(await bring(list, { apply: true })).toMatchObject({ counts: { new: 3 }, applied: true })
  expect(await listContacts(desk, desk.acme)).toMatchObject([
    { name: 'Jo Doe (Acme)', number: '030123', mobile: '01709' },
    { name: 'Mo Moe', number: '01711', mobile: null },
    { name: 'Taxi', number: '19410' },
  ])
  expect((await bring(list, { apply: true })).counts).toEqual({
    ...{ new: 0, changed: 0, unchanged: 3, removed: 0, missing: 0, problem: 0 },
  })
})

it('changes who is there, and removes who is missing only when told', async () => {
  const shorter = 'name,number\nTaxi,19411\n'
  expect(await bring(shorter, { apply: true })).toMatchObject({ counts: { changed: 1, missing: 2, removed: 0 } })
  expect(await names()).toHaveLength(3)
  expect(await bring(shorter, { apply: true, prune: true })).toMatchObject({ counts: { unchanged: 1, removed: 2 } })
  expect(await listContacts(desk, desk.acme)).toMatchObject([{ name: 'Taxi', number: '19411' }])
})

it('writes nothing of a list with problems, or with only-valid the rest and removes nobody', async () => {
  const faulty = 'name,number\nAnna,1\nBert,none\nAnna,2\nCarl,\n'
  const refused = await bring(faulty, { apply: true, prune: true })
  expect(refused.problems.map(({ row, field, code }) => `${row} ${field} ${code}`)).toEqual([
    ...['2 number number-invalid', '3 name contact-twice', '4 number number-missing'],
  ])
  expect([refused.applied, await names()]).toEqual([false, ['Taxi']])
  const rest = await bring(faulty, { apply: true, prune: true, onlyValid: true })
  expect([rest.applied, await names()]).toEqual([true, ['Anna', 'Taxi']])
})

it('says which column is missing', async () => {
  const { problems, applied } = await bring('who,what\nJo,1\n', { apply: true, onlyValid: true })
  expect(problems).toMatchObject([
    { row: 0, field: 'name', code: 'column-missing' },
    { row: 0, field: 'number', code: 'column-missing' },
  ])
  expect(applied).toBe(false)
})

it('takes 50,000 contacts and no more', async () => {
  const rows = Array.from({ length: 49_999 }, (_, at) => `Contact ${at},${at + 1}`).join('\n')
  expect(await bring(`name,number\n${rows}\n`, { apply: true, prune: true })).toMatchObject({ counts: { new: 49_999 } })
  expect(await codeOf(bring('name,number\nA,1\nB,2\n', { apply: true }))).toBe('input-invalid')
  expect((await names()).length).toBe(49_999)
}, 60_000)
