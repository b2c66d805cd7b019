import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { PeopleDesk } from '../desk.ts'

/** A public number of a tenant; `extension` and `user_id` are null while it rings nobody. */
export type ListedDid = {
  id: number
  /** E.164 with leading `+`. */
  number: string
  extension: string | null
  label: string | null
  user_id: number | null
}

/**
 * In the order of numbers.
 * @param page `after`: the last number of the page before; `free`: only those that ring nobody
 */
export function listDids(
  desk: PeopleDesk,
  tenant: Tenant,
  page: { after?: string | undefined; limit?: number | undefined; free?: boolean | undefined } = {},
): Promise<ListedDid[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ListedDid>(
      `select d.id, d.number, x.number as extension, x.label, x.user_id
       from dids d left join extensions x on x.id = d.extension_id
       where d.tenant_id = $1 and ($2::text is null or d.number collate "C" > $2)
         and (not $3 or d.extension_id is null)
       order by d.number collate "C" limit $4`,
      [tenant.id, page.after ?? null, page.free ?? false, page.limit ?? null],
    )
    return rows
  })
}
