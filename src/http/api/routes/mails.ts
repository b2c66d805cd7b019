import { z } from 'zod'
import { listMails, resendMails } from '../../../people/mails.ts'
import { ID, TIME } from '../fields.ts'
import { answerPage, ID_KEY, PAGE, pageSchema, readCursor } from '../pages.ts'
import { route } from '../route.ts'

const NULLABLE = z.string().nullable()
const MAIL = z
  .strictObject({
    ...{ id: ID, kind: z.string(), state: z.string(), recipient: z.string(), username: NULLABLE },
    ...{ user_id: ID.nullable(), import_id: ID.nullable(), subject: NULLABLE, attempts: z.int(), last_error: NULLABLE },
    ...{ queued_at: TIME, next_attempt_at: TIME, sent_at: TIME.nullable() },
  })
  .meta({ id: 'Mail' })

const tag = 'mails'

export const mailRoutes = [
  route({
    ...{ method: 'get', path: '/mails', scope: 'people:read', reach: 'tenant', tag },
    summary: 'What became of each mail, the newest first',
    query: z.strictObject({
      ...{ ...PAGE, state: z.enum(['queued', 'sent', 'failed']).optional() },
      ...{ user: z.coerce.number().int().positive().optional(), import: z.coerce.number().int().positive().optional() },
    }),
    answer: { status: 200, body: pageSchema(MAIL) },
    async handle({ site, tenant, query }) {
      const before = readCursor(query, ID_KEY)
      const found = await listMails(site.desk, tenant, {
        ...(query.user !== undefined && { userIds: [query.user] }),
        ...(query.import !== undefined && { importId: query.import }),
        ...(query.state !== undefined && { state: query.state }),
        ...(before !== null && { beforeId: before }),
        limit: query.limit + 1,
      })
      return answerPage('/mails', query, found, ({ id }) => id)
    },
  }),
  route({
    ...{ method: 'post', path: '/mails/resend', scope: 'people:write', reach: 'tenant', tag },
    summary: 'Send again: to people, to those of an import, or what failed',
    body: z.union([
      z.strictObject({ users: z.array(ID).min(1).max(10_000) }),
      z.strictObject({ import: ID }),
      z.strictObject({ failed: z.literal(true) }),
    ]),
    answer: { status: 200, body: z.strictObject({ mails: z.int() }) },
    async handle({ site, tenant, body, actor }) {
      const choice =
        'users' in body
          ? { userIds: body.users }
          : 'import' in body
            ? { importId: body.import }
            : { failed: true as const }
      return { status: 200, body: { mails: await resendMails(site.desk, tenant, choice, actor) } }
    },
  }),
]
