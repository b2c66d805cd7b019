import type { Queryable } from './pool.ts'

/**
 * Writes one line of history; without a tenant it is about the installation, and only the owner may write it. Values of
 * secrets never come here: `detail` holds counts, names and identifiers.
 */
export async function writeAudit(
  client: Queryable,
  entry: { tenantId: number | null; actor: string; action: string; object: string; detail?: Record<string, unknown> },
): Promise<void> {
  await client.query(
    'insert into offhook.audit (tenant_id, actor, action, object, detail) values ($1, $2, $3, $4, $5)',
    [entry.tenantId, entry.actor, entry.action, entry.object, JSON.stringify(entry.detail ?? {})],
  )
}
