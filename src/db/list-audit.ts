import type { Queryable } from './pool.ts'

export type AuditEntry = {
  id: number
  at: Date
  actor: string
  action: string
  object: string
  detail: Record<string, unknown>
}

export type AuditPage = {
  /** Id of the last entry of the page before. */
  before: number | null
  limit: number
  actor?: string | undefined
  action?: string | undefined
}

/** History of a tenant, or with null of what concerns the whole installation, the latest first. */
export async function listAudit(client: Queryable, tenantId: number | null, page: AuditPage): Promise<AuditEntry[]> {
  const { rows } = await client.query<AuditEntry>(
    `select id, at, actor, action, object, detail from offhook.audit
     where tenant_id is not distinct from $1 and ($2::bigint is null or id < $2)
       and ($3::text is null or actor = $3) and ($4::text is null or action = $4)
     order by id desc limit $5`,
    [tenantId, page.before, page.actor ?? null, page.action ?? null, page.limit],
  )
  return rows
}
