import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { PeopleDesk } from './desk.ts'

/**
 * Mailboxes that are gone and that no undo can bring back, as folders below Asterisk's `voicemail`: `acme/1001`. What was
 * recorded still lies there, for app_voicemail has no way to erase a mailbox with its greetings; nobody can reach it, and
 * the name is never given again.
 */
export function listLeftRecordings(desk: PeopleDesk, tenant: Tenant): Promise<string[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<{ number: string }>(
      `select number from spent_mailboxes s where tenant_id = $1
         and not exists (select from mailboxes m where m.tenant_id = s.tenant_id and m.number = s.number)
         and not exists (select from imports i join import_changes c on c.import_id = i.id
           where i.tenant_id = s.tenant_id and i.state in ('applied', 'undoing')
             and case when position('offhook.spent_mailboxes' in c.changes) > 0 then c.changes::jsonb @> jsonb_build_array(
               jsonb_build_object('table', 'offhook.spent_mailboxes', 'after', jsonb_build_object('number', s.number))) end)
       order by number`,
      [tenant.id],
    )
    return rows.map(({ number }) => `${tenant.slug}/${number}`)
  })
}
