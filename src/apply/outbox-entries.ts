import type { Queryable } from '../db/pool.ts'
import type { Change } from '../plan/change.ts'
import type { TableName } from '../plan/tables.ts'

export type OutboxEntry = { kind: 'reload' | 'expire'; subject: string }

/** Rows of these tables are counted by Asterisk when res_pjsip loads: without a reload a new phone's lamp stays dark. */
const COUNTED: readonly TableName[] = ['asterisk.ps_endpoints', 'asterisk.ps_aors']

/** Rows of these tables are kept in memory for some seconds, under these names; see asterisk/sorcery.conf. */
const CACHES: Partial<Record<TableName, string>> = {
  'asterisk.ps_endpoints': 'res_pjsip/endpoint',
  'asterisk.ps_auths': 'res_pjsip/auth',
  'asterisk.ps_aors': 'res_pjsip/aor',
}

/** What Asterisk must be told after these changes, and no more: everything else it reads when it needs it. */
export function outboxEntries(changes: Change[]): OutboxEntry[] {
  const stale = new Set(changes.flatMap(({ table, before }) => (before && CACHES[table]) || []))
  const entries: OutboxEntry[] = [...stale].map((subject) => ({ kind: 'expire', subject }))
  if (changes.some(({ table, before, after }) => COUNTED.includes(table) && (!before || !after)))
    entries.push({ kind: 'reload', subject: 'res_pjsip.so' })
  if (changes.some(losesMailbox)) entries.push({ kind: 'reload', subject: 'res_pjsip_mwi.so' })
  return entries
}

/** A mailbox taken from a live account makes its next MWI SUBSCRIBE fail with 500 until res_pjsip_mwi is reloaded. */
function losesMailbox({ table, before, after }: Change): boolean {
  return table === 'asterisk.ps_endpoints' && Boolean(before?.['mailboxes']) && after !== null && !after['mailboxes']
}

export async function writeOutbox(client: Queryable, tenantId: number, entries: OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return
  await client.query(
    'insert into outbox (tenant_id, kind, subject) select $1, k, s from unnest($2::text[], $3::text[]) as v(k, s)',
    [tenantId, entries.map((entry) => entry.kind), entries.map((entry) => entry.subject)],
  )
}
