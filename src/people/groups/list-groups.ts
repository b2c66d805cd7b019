import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { PeopleDesk } from '../desk.ts'

export type ListedMember = { user: number; name: string; extension: string | null; penalty: number; paused: boolean }

export type ListedGroup = {
  id: number
  name: string
  number: string | null
  strategy: string
  timeout_seconds: number
  ring_seconds: number
  /** What Asterisk calls it. */
  queue: string
  members: ListedMember[]
}

/** The tenant's groups by name, with their members in the order in which they are called. */
export function listGroups(desk: PeopleDesk, tenant: Tenant): Promise<ListedGroup[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ListedGroup>(
      `select g.id, g.name, g.number, g.strategy, g.timeout_seconds, g.ring_seconds, g.queue,
         coalesce(json_agg(json_build_object('user', u.id,
           'name', coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.username), 'extension', x.number,
           'penalty', m.penalty, 'paused', exists (select from asterisk.queue_members q join endpoints e
             on q.state_interface = 'PJSIP/' || e.name
             where q.queue_name = g.queue and e.extension_id = x.id and q.paused > 0))
           order by m.penalty, x.number) filter (where u.id is not null), '[]') as members
       from groups g left join group_members m on m.group_id = g.id left join users u on u.id = m.user_id
         left join extensions x on x.user_id = u.id
       group by g.id order by lower(g.name)`,
    )
    return rows
  })
}
