import { writeOutbox } from '../../apply/outbox-entries.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { Secret } from '../../model/secret.ts'
import { projectClaimAccount } from '../../plan/claim-rows.ts'
import type { PeopleDesk } from '../desk.ts'
import { openProjection } from '../supply.ts'

const TABLES = ['ps_endpoints', 'ps_auths', 'ps_aors'] as const
const CACHES = ['res_pjsip/endpoint', 'res_pjsip/auth', 'res_pjsip/aor']

/** Makes an account that can dial the claim number and nothing else. It is no row of a plan: nobody owns it. */
export async function writeClaimAccount(
  client: Queryable,
  desk: PeopleDesk,
  tenant: Pick<Tenant, 'slug'>,
  account: { name: string; secret: Secret; family: string },
): Promise<void> {
  const { authColumns, md5Families } = openProjection(desk)
  const { name, secret, family } = account
  const rows = projectClaimAccount(tenant.slug, { name, secret, md5Only: md5Families.has(family) }, authColumns)
  for (const { table, row } of rows) {
    const columns = Object.keys(row)
    const values = Object.values(row).map((value) => (value instanceof Secret ? value.reveal() : value))
    await client.query(
      `insert into asterisk.${table} (${columns.join()}) values (${columns.map((_, at) => `$${at + 1}`).join()})`,
      values,
    )
  }
}

/** Takes accounts back: Asterisk forgets them and drops whoever is registered on them. */
export async function eraseClaimAccounts(
  client: Queryable,
  tenantId: number,
  accounts: readonly string[],
): Promise<void> {
  for (const table of TABLES) await client.query(`delete from asterisk.${table} where id = any ($1)`, [accounts])
  // That is how Asterisk is made to unregister somebody; see asterisk/pjsip.conf.
  await client.query('update asterisk.ps_contacts set expiration_time = 1 where endpoint = any ($1)', [accounts])
  await writeOutbox(
    client,
    tenantId,
    CACHES.map((subject) => ({ kind: 'expire', subject })),
  )
}
