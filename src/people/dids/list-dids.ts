import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'

/** A public number of a tenant; `extension`, `label` and `user` are null while it rings nobody. */
export type ListedDid = {
  id: number
  /** E.164 with leading `+`. */
  number: string
  extension: string | null
  label: string | null
  user: number | null
}

const DID = `select d.id, d.number, x.number as extension, x.label, x.user_id as user
  from dids d left join extensions x on x.id = d.extension_id`

/** @throws AppError `did-unknown` */
export function findDid(desk: PeopleDesk, tenant: Tenant, id: number): Promise<ListedDid> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ListedDid>(`${DID} where d.id = $1`, [id])
    if (rows[0]) return rows[0]
    throw new AppError('did-unknown', `The tenant ${tenant.slug} has no public number with the id ${id}.`)
  })
}

/**
 * In the order of numbers.
 * @param page `after`: the last number of the page before; `assigned`: only those that ring somebody, or nobody
 */
export function listDids(
  desk: PeopleDesk,
  tenant: Tenant,
  page: { after?: string | undefined; limit?: number | undefined; assigned?: boolean | undefined } = {},
): Promise<ListedDid[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ListedDid>(
      `${DID} where d.tenant_id = $1 and ($2::text is null or d.number collate "C" > $2)
         and ($3::boolean is null or (d.extension_id is not null) = $3)
       order by d.number collate "C" limit $4`,
      [tenant.id, page.after ?? null, page.assigned ?? null, page.limit ?? null],
    )
    return rows
  })
}
