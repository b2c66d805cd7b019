import type { Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { People } from '../import/people-from-table.ts'
import { tenantContext } from '../plan/asterisk-rows.ts'

/**
 * Internal numbers that nobody may be given unasked: those in use or left behind at the tenant, in Asterisk's tables by
 * whomever, as a user name, and in any row of the input, faulty ones included.
 */
export async function readTakenNumbers(client: Queryable, tenant: Tenant, read: People): Promise<Set<string>> {
  const { rows } = await client.query<{ number: string }>(
    `select number from extensions where tenant_id = $1
     union all select number from mailboxes where tenant_id = $1
     union all select number from groups where tenant_id = $1 and number is not null
     union all select number from spent_mailboxes where tenant_id = $1
     union all select substring(username from length($2) + 2) from users
       where tenant_id = $1 and starts_with(username, $2 || '-')
     union all select username from users where tenant_id = $1 and username ~ '^[0-9]+$'
     union all select exten from asterisk.extensions where context = $3
     union all select mailbox from asterisk.voicemail where context = $2
     union all select substring(id from '^[0-9]+') from (select id from asterisk.ps_endpoints
       union all select id from asterisk.ps_aors union all select id from asterisk.ps_auths) as accounts
       where id like '%-' || $2 and id ~ '^[0-9]'`,
    [tenant.id, tenant.slug, tenantContext(tenant.slug)],
  )
  const columns = read.columns.mapped.filter(({ field }) => field === 'extension').map(({ index }) => index)
  const faulty = read.faulty.flatMap(({ cells }) => columns.map((index) => cells[index]))
  return new Set([
    ...rows.map(({ number }) => number),
    ...read.people.flatMap(({ extension }) => extension ?? []),
    ...faulty.flatMap((cell) => (typeof cell === 'string' ? cell.trim() : [])),
  ])
}
