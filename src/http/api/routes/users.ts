import { z } from 'zod'
import { PERSON_FIELDS, type PersonField } from '../../../model/person.ts'
import { changePerson, createPerson, type PersonOutcome } from '../../../people/import-person.ts'
import { describeAuthentication } from '../../../people/describe-authentication.ts'
import { findUser, listUsers, readUser } from '../../../people/list-users.ts'
import { removePeople } from '../../../people/remove-people.ts'
import { reissueCredentials } from '../../../people/reissue-credentials.ts'
import { viewImport } from '../../../people/stored-imports/view-import.ts'
import { BY_ID, ID } from '../fields.ts'
import { IMPORT, showImport } from '../import-schemas.ts'
import { answerPage, ID_KEY, PAGE, pageSchema, readCursor } from '../pages.ts'
import { refuseProblems } from '../refuse-problems.ts'
import { route } from '../route.ts'

const TEXT = z.string().max(2000)
/** An import splits lists at these. */
const NAMES = z
  .array(
    z
      .string()
      .regex(/^[^,;|]*$/)
      .max(64),
  )
  .max(50)
const OTHER_TYPES: Partial<Record<PersonField, z.ZodType>> = {
  ...{ transcription: z.boolean(), telephony: z.boolean(), fax: z.boolean(), suspended: z.boolean() },
  ...{ line: z.int().min(1).max(99), groups: NAMES, tags: NAMES },
}
const WRITTEN = z
  .strictObject(
    Object.fromEntries(PERSON_FIELDS.map((field) => [field, (OTHER_TYPES[field] ?? TEXT).nullable().optional()])),
  )
  .meta({ id: 'UserFields', description: 'Fields of an import; an absent one keeps what is there, null clears it' })

const NULLABLE = z.string().nullable()
const USER = z
  .strictObject({
    ...{ id: ID, external_id: NULLABLE, extension: NULLABLE, first_name: NULLABLE, last_name: NULLABLE },
    ...{ email: NULLABLE, username: z.string(), role: NULLABLE, location: NULLABLE, caller_id: NULLABLE },
    dids: z.array(z.string()),
    devices: z.array(
      z.strictObject({ id: ID, name: z.string(), mac: NULLABLE, model: z.string(), line: z.int().positive() }),
    ),
    endpoints: z.array(z.strictObject({ name: z.string(), kind: z.enum(['desk', 'web', 'uri']) })),
    ...{
      sip_uri: NULLABLE,
      pbx_domain: NULLABLE,
      pbx_device: NULLABLE,
      voicemail_email: NULLABLE,
      pager: NULLABLE,
      transcription: z.boolean().nullable().describe('Kept; nothing makes text of voicemail yet'),
    },
    ...{
      telephony: z.boolean(),
      fax: z.boolean(),
      authentication: z.string().describe('Kept; no log-in asks for a second factor yet'),
      desk: NULLABLE,
    },
    ...{ tags: z.array(z.string()), groups: z.array(z.string()), language: NULLABLE, timezone: NULLABLE },
    suspended: z.boolean(),
    calls: z
      .enum(['ready', 'incomplete', 'off', 'suspended'])
      .describe('incomplete: not yet able to make calls, for want of an extension or an address; off: no telephony'),
  })
  .meta({ id: 'User' })
const DONE = z.strictObject({
  import: ID.nullable().describe('What to undo it by; null: nothing had to change'),
  user: USER,
})

const tag = 'users'

export const userRoutes = [
  route({
    ...{ method: 'get', path: '/users', scope: 'people:read', reach: 'tenant', tag, summary: 'List people' },
    query: z.strictObject({ ...PAGE, q: z.string().max(100).optional().describe('Part of a name, e-mail or number') }),
    answer: { status: 200, body: pageSchema(USER) },
    async handle({ site, tenant, query }) {
      const after = readCursor(query, ID_KEY) ?? 0
      const found = await listUsers(site.desk, tenant, { after, limit: query.limit + 1, search: query.q })
      return answerPage('/users', query, found, ({ id }) => id)
    },
  }),
  route({
    ...{ method: 'post', path: '/users', scope: 'people:write', reach: 'tenant', tag, summary: 'Create a person' },
    body: WRITTEN,
    answer: { status: 201, body: DONE },
    async handle({ site, tenant, body, actor }) {
      const done = accept(await createPerson(site.desk, tenant, body, actor))
      const user = await findUser(site.desk, tenant, done.userId!)
      return { status: 201, body: { import: done.import, user }, headers: { Location: `/api/v1/users/${user.id}` } }
    },
  }),
  route({
    ...{ method: 'get', path: '/users/{id}', scope: 'people:read', reach: 'tenant', tag, summary: 'One person' },
    params: BY_ID,
    answer: { status: 200, body: USER },
    current: ({ tenant, params }, client) => readUser(client, tenant, params.id),
    handle: async ({ site, tenant, params }) => ({ status: 200, body: await findUser(site.desk, tenant, params.id) }),
  }),
  route({
    ...{ method: 'get', path: '/users/{id}/authentication', scope: 'people:read', reach: 'tenant', tag },
    summary: 'The second factor that somebody shall log in with, and who says so; kept, no log-in asks for it yet',
    params: BY_ID,
    answer: {
      status: 200,
      body: z.strictObject({
        authentication: z.enum(['disabled', 'email', 'app']),
        from: z.string().describe('user, role, location, tenant or system'),
      }),
    },
    handle: async ({ site, tenant, params }) => ({
      status: 200,
      body: await describeAuthentication(site.desk, tenant, params.id),
    }),
  }),
  route({
    ...{
      method: 'patch',
      path: '/users/{id}',
      scope: 'people:write',
      reach: 'tenant',
      tag,
      summary: 'Change a person',
    },
    params: BY_ID,
    body: WRITTEN,
    answer: { status: 200, body: DONE },
    current: ({ tenant, params }, client) => readUser(client, tenant, params.id),
    async handle({ site, tenant, params, body, actor }) {
      const done = accept(await changePerson(site.desk, tenant, params.id, body, actor))
      return { status: 200, body: { import: done.import, user: await findUser(site.desk, tenant, params.id) } }
    },
  }),
  route({
    ...{ method: 'delete', path: '/users/{id}', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Delete a person; what becomes of their mailbox, numbers and phones is chosen',
    params: BY_ID,
    query: z.strictObject({
      dids: z.enum(['keep', 'delete']).default('keep').describe('Their public numbers; kept ones ring nobody'),
      mailbox: z.enum(['keep', 'delete']).default('delete').describe('A kept one still takes messages for the number'),
      devices: z.enum(['keep', 'delete']).default('delete').describe('Their phones; kept ones are nobody’s'),
    }),
    answer: { status: 200, body: z.strictObject({ import: ID }) },
    current: ({ tenant, params }, client) => readUser(client, tenant, params.id),
    async handle({ site, tenant, params, query, actor }) {
      const free = (word: 'keep' | 'delete') => (word === 'keep' ? 'free' : 'delete')
      const choice = { mailbox: query.mailbox, did: free(query.dids), device: free(query.devices) } as const
      const done = await removePeople(site.desk, tenant, [params.id], choice, actor)
      return { status: 200, body: { import: done.import } }
    },
  }),
  route({
    ...{ method: 'post', path: '/users/reissue', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Give people new temporary passwords, in the background; the credentials of the import hold them, once',
    body: z.strictObject({ users: z.array(ID).min(1).max(10_000) }),
    answer: { status: 202, body: IMPORT },
    async handle({ site, tenant, body, actor }) {
      const id = await reissueCredentials(site.desk, tenant, body.users, actor)
      const headers = { Location: `/api/v1/imports/${id}` }
      return { status: 202, body: showImport(await viewImport(site.desk, tenant, id)), headers }
    },
  }),
]

function accept(outcome: PersonOutcome): PersonOutcome {
  refuseProblems(outcome.problems, 'The person cannot be like this.')
  return outcome
}
