import { inTransaction } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { PeopleDesk } from '../desk.ts'

/**
 * How far a phone came that may be claimed: `waiting` for somebody to dial · `locked`: too many wrong tries · `dialled`: to
 * be given to its person in a moment · `claimed` · `failed`: see its note · `over`: its time was up.
 */
export type ClaimPhoneState = 'waiting' | 'locked' | 'dialled' | 'claimed' | 'failed' | 'over'

export type ViewedClaimPhone = {
  mac: string
  family: string
  model: string
  address: string
  state: ClaimPhoneState
  wrong_tries: number
  extension: string | null
  /** Who had the code that was keyed in. */
  installer: string | null
  opened_at: Date
  expires_at: Date
  dialled_at: Date | null
  note: string | null
}

/** The latest first. */
export function viewClaimPhones(desk: PeopleDesk, tenant: Tenant): Promise<ViewedClaimPhone[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<ViewedClaimPhone>(
      `select p.mac, p.family, p.model, p.address, p.wrong_tries, p.extension, c.installer, p.opened_at, p.expires_at,
         p.dialled_at, p.note,
         case when p.bound_at is not null then 'claimed' when p.note is not null then 'failed'
           when p.dialled_at is not null then 'dialled' when p.closed_at is not null or p.expires_at <= now() then 'over'
           when p.wrong_tries >= 5 then 'locked' else 'waiting' end as state
       from claim_phones p left join claim_codes c on c.id = p.code_id
       where p.tenant_id = $1 order by coalesce(p.dialled_at, p.opened_at) desc, p.id`,
      [tenant.id],
    )
    return rows
  })
}
