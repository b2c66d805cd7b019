import { z } from 'zod'
import type { Tenant } from '../../../db/tenants.ts'
import { countCompanyBook, switchCompanyBook } from '../../../people/contacts/company-book.ts'
import { addContact, changeContact, listContacts, removeContact } from '../../../people/contacts/edit-contacts.ts'
import { importContacts } from '../../../people/contacts/import-contacts.ts'
import { SHEET } from '../import-schemas.ts'
import { BY_ID, ID, LABEL } from '../fields.ts'
import { answerPage, PAGE, pageSchema, readCursor } from '../pages.ts'
import { type Answer, type ApiSite, route } from '../route.ts'

const DIALLED = z.string().trim().max(60)
const CONTACT = z
  .strictObject({
    ...{ id: ID, name: z.string(), number: z.string(), mobile: z.string().nullable(), home: z.string().nullable() },
  })
  .meta({ id: 'Contact' })
const OTHERS = { mobile: DIALLED.nullable().optional(), home: DIALLED.nullable().optional() }
const COUNT = z.int().min(0)
const OUTCOME = z
  .strictObject({
    counts: z.strictObject({
      ...{ new: COUNT, changed: COUNT, unchanged: COUNT, removed: COUNT, missing: COUNT, problem: COUNT },
    }),
    changes: z.array(z.strictObject({ verdict: z.enum(['new', 'changed', 'removed']), name: z.string() })),
    problems: z.array(
      z.strictObject({
        ...{ row: COUNT, field: z.string(), code: z.string(), message: z.string() },
        ...{ suggestion: z.string().optional(), repair: z.string().optional(), found: z.string().optional() },
      }),
    ),
    ignored: z.array(z.string()).describe('Columns that mean nothing to a phonebook'),
    applied: z.boolean(),
  })
  .meta({ id: 'ContactImport' })
const FLAG = z.enum(['true', 'false']).default('false')

const PHONEBOOK = z
  .strictObject({
    entries: COUNT.describe('People who can be called, groups with a number, contacts'),
    given: z.boolean().describe('Whether phones get it, unless a location, a profile or the phone says otherwise'),
  })
  .meta({ id: 'Phonebook' })

const tag = 'contacts'

async function showPhonebook(site: ApiSite, tenant: Tenant): Promise<Answer> {
  const { entries, isOn } = await countCompanyBook(site.desk, tenant)
  return { status: 200, body: { entries, given: isOn } }
}

export const contactRoutes = [
  route({
    ...{ method: 'get', path: '/contacts', scope: 'people:read', reach: 'tenant', tag },
    summary: 'List numbers outside of the company that stand in its phonebook',
    query: z.strictObject(PAGE),
    answer: { status: 200, body: pageSchema(CONTACT) },
    async handle({ site, tenant, query }) {
      const after = readCursor(query, z.string().max(200)) ?? undefined
      const found = await listContacts(site.desk, tenant, { after, limit: query.limit + 1 })
      return answerPage('/contacts', query, found, ({ name }) => name)
    },
  }),
  route({
    ...{ method: 'post', path: '/contacts', scope: 'people:write', reach: 'tenant', tag, summary: 'Add a contact' },
    body: z.strictObject({ name: LABEL, number: DIALLED, ...OTHERS }),
    answer: { status: 201, body: CONTACT },
    handle: async ({ site, tenant, body, actor }) => ({
      ...{ status: 201, body: await addContact(site.desk, tenant, body, actor) },
    }),
  }),
  route({
    ...{ method: 'patch', path: '/contacts/{id}', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Change a contact; null takes a number out',
    params: BY_ID,
    body: z.strictObject({ name: LABEL.optional(), number: DIALLED.optional(), ...OTHERS }),
    answer: { status: 200, body: CONTACT },
    handle: async ({ site, tenant, params, body, actor }) => ({
      ...{ status: 200, body: await changeContact(site.desk, tenant, params.id, body, actor) },
    }),
  }),
  route({
    ...{ method: 'delete', path: '/contacts/{id}', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Remove a contact',
    params: BY_ID,
    answer: { status: 204 },
    async handle({ site, tenant, params, actor }) {
      await removeContact(site.desk, tenant, params.id, actor)
      return { status: 204 }
    },
  }),
  route({
    ...{ method: 'post', path: '/contacts/import', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Bring contacts as a table: what would change, and with apply it is changed; with problems nothing is',
    query: z.strictObject({ apply: FLAG, prune: FLAG, only_valid: FLAG }),
    file: SHEET,
    answer: { status: 200, body: OUTCOME },
    async handle({ site, tenant, query, file, actor }) {
      const options = {
        ...{ apply: query.apply === 'true', prune: query.prune === 'true', onlyValid: query.only_valid === 'true' },
      }
      const source = { kind: 'file', bytes: file! } as const
      return { status: 200, body: await importContacts(site.desk, tenant, { source, actor }, options) }
    },
  }),
  route({
    ...{ method: 'get', path: '/phonebook', scope: 'phones:read', reach: 'tenant', tag },
    summary: 'The directory of the company as its phones get it: how large it is, and whether they do',
    answer: { status: 200, body: PHONEBOOK },
    handle: ({ site, tenant }) => showPhonebook(site, tenant),
  }),
  route({
    ...{ method: 'patch', path: '/phonebook', scope: 'phones:write', reach: 'tenant', tag },
    summary: 'Give the phonebook to phones or keep it from them',
    body: z.strictObject({ given: z.boolean() }),
    answer: { status: 200, body: PHONEBOOK },
    async handle({ site, tenant, body, actor }) {
      await switchCompanyBook(site.desk, tenant, body.given, actor)
      return showPhonebook(site, tenant)
    },
  }),
]
