import { inTransaction, type Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { PeopleDesk } from './desk.ts'

/** Somebody as others may see them: every field of an import but the PIN and the password. */
export type ListedUser = {
  id: number
  external_id: string | null
  extension: string | null
  username: string
  email: string | null
} & Record<string, unknown>

const USER = `select u.id, u.external_id, x.number as extension, u.first_name, u.last_name, u.email, u.username, u.role,
  l.name as location, x.caller_id,
  coalesce((select json_agg(d.number order by d.id) from dids d where d.extension_id = x.id), '[]') as dids,
  coalesce((select json_agg(json_build_object('id', v.id, 'name', v.name, 'mac', v.mac, 'model', v.model,
      'line', n.position) order by v.id, n.position)
    from endpoints e join lines n on n.endpoint_id = e.id join devices v on v.id = n.device_id
    where e.extension_id = x.id), '[]') as devices,
  coalesce((select json_agg(json_build_object('name', e.name, 'kind', e.kind) order by e.name)
    from endpoints e where e.extension_id = x.id), '[]') as endpoints,
  i.sip_uri, i.pbx_domain, i.pbx_device, m.email as voicemail_email, m.pager, m.transcription, u.telephony, u.fax, u.authentication, u.desk, u.tags,
  coalesce((select json_agg(g.name order by g.name) from group_members k join groups g on g.id = k.group_id
    where k.user_id = u.id), '[]') as groups,
  u.language, u.timezone, u.suspended,
  case when u.suspended then 'suspended' when not u.telephony then 'off'
    when exists (select from endpoints e where e.extension_id = x.id and (e.kind <> 'uri' or e.sip_uri is not null))
    then 'ready' else 'incomplete' end as calls
  from users u left join locations l on l.id = u.location_id left join extensions x on x.user_id = u.id
    left join mailboxes m on m.extension_id = x.id left join endpoints i on i.extension_id = x.id and i.kind = 'uri'`

const SEARCHED_FROM = 'users u left join extensions x on x.user_id = u.id'
const SEARCHED = `concat_ws(' ', u.first_name, u.last_name, u.email, u.username, u.external_id, x.number)`

/**
 * People of a tenant in the order in which they were made.
 * @param page `after`: id of the last one of the page before; `search`: part of a name, e-mail, user name or number
 */
export function listUsers(
  desk: PeopleDesk,
  tenant: Tenant,
  page: { after: number; limit: number; search?: string | undefined },
): Promise<ListedUser[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const pattern = page.search === undefined ? null : `%${page.search.replaceAll(/[\\%_]/g, '\\$&')}%`
    // Who is on the page comes first: PostgreSQL would join all people with all they have for every page. Named, so that it
    // is planned once a connection: planning takes longer than doing.
    const search = pattern === null ? ['users u', '$3::text is null'] : [SEARCHED_FROM, `${SEARCHED} ilike $3`]
    const { rows } = await client.query<ListedUser>({
      name: pattern === null ? 'users-page' : 'users-search',
      text: `${USER} where u.id = any (array(
          select u.id from ${search[0]} where u.tenant_id = $1 and u.id > $2 and ${search[1]} order by u.id limit $4))
        order by u.id`,
      values: [tenant.id, page.after, pattern, page.limit],
    })
    return rows
  })
}

/** @throws AppError `user-unknown` */
export function findUser(desk: PeopleDesk, tenant: Tenant, id: number): Promise<ListedUser> {
  return inTransaction(desk.pool, tenant.id, (client) => readUser(client, tenant, id))
}

/** As {@link findUser}, inside the caller's transaction. */
export async function readUser(client: Queryable, tenant: Tenant, id: number): Promise<ListedUser> {
  const { rows } = await client.query<ListedUser>(`${USER} where u.tenant_id = $1 and u.id = $2`, [tenant.id, id])
  if (!rows[0]) throw new AppError('user-unknown', `The tenant ${tenant.slug} has no user ${id}.`)
  return rows[0]
}
