import type pg from 'pg'
import { applyChanges } from '../apply/apply-changes.ts'
import { outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { writeAudit } from '../db/audit.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Change } from '../plan/change.ts'
import { codecOf, type PeopleDesk } from './desk.ts'
import { emitChanges } from './webhooks/emit-events.ts'

/** Who did what to what, for the history. */
export type Deed = { actor: string; action: string; object: string; detail?: Record<string, unknown> }

/** Writes changes, what Asterisk and webhooks must be told of them, and the history, inside the caller's transaction. */
export async function writeChanges(
  client: pg.PoolClient,
  desk: PeopleDesk,
  tenant: Tenant,
  changes: Change[],
  deed: Deed,
): Promise<void> {
  await applyChanges(client, changes, tenant.id, codecOf(desk, tenant))
  await writeOutbox(client, tenant.id, outboxEntries(changes))
  await writeAudit(client, { tenantId: tenant.id, ...deed })
  await emitChanges(client, tenant, changes)
}
