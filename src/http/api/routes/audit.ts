import { z } from 'zod'
import { listAudit } from '../../../db/list-audit.ts'
import { inTransaction } from '../../../db/pool.ts'
import { ID, TIME } from '../fields.ts'
import { answerPage, ID_KEY, PAGE, pageSchema, readCursor } from '../pages.ts'
import { route } from '../route.ts'

const ENTRY = z
  .strictObject({
    ...{ id: ID, at: TIME, actor: z.string(), action: z.string(), object: z.string() },
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' })

export const auditRoutes = [
  route({
    ...{ method: 'get', path: '/audit', scope: 'audit:read', reach: 'either', tag: 'audit' },
    summary: 'Who did what, the latest first',
    query: z.strictObject({ ...PAGE, actor: z.string().max(200).optional(), action: z.string().max(100).optional() }),
    answer: { status: 200, body: pageSchema(ENTRY) },
    async handle({ site, tenant, query }) {
      const { limit, actor, action } = query
      const page = { before: readCursor(query, ID_KEY), limit: limit + 1, actor, action }
      const found = tenant
        ? await inTransaction(site.desk.pool, tenant.id, (client) => listAudit(client, tenant.id, page))
        : await listAudit(site.owner, null, page)
      return answerPage('/audit', query, found, ({ id }) => id)
    },
  }),
]
