import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import type { PeopleDesk } from './desk.ts'

/**
 * What a tenant rules about its phones. `tftp`: inside a release window TFTP may carry configurations, which anybody on
 * the way can read. `apps`: what the makers of apps call this tenant, by family (a Cloud ID, a provider's number).
 */
export type PhoneRules = { tftp: boolean; apps: Record<string, string> }

/** What makers give out: letters and digits; an asterisk behind a Cloud ID means its test version. */
const APP_ACCOUNT = /^[A-Za-z0-9-]{1,64}\*?$/

export function readPhoneRules(desk: PeopleDesk, tenant: Tenant): Promise<PhoneRules> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<PhoneRules>(
      'select tftp_configs as tftp, app_accounts as apps from tenants where id = $1',
      [tenant.id],
    )
    return rows[0]!
  })
}

/**
 * Changes what is given and nothing else; an empty text takes an app's account away. @returns all of them
 * @throws AppError `input-invalid`
 */
export function changePhoneRules(
  desk: PeopleDesk,
  tenant: Tenant,
  changes: { tftp?: boolean | undefined; apps?: Readonly<Record<string, string>> | undefined },
  actor: string,
): Promise<PhoneRules> {
  for (const [family, account] of Object.entries(changes.apps ?? {}))
    if (account !== '' && !APP_ACCOUNT.test(account))
      throw new AppError(
        'input-invalid',
        `The account at the maker of ${family} is 1 to 64 letters, digits or hyphens.`,
      )
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<PhoneRules>(
      `update tenants set tftp_configs = coalesce($2, tftp_configs),
         app_accounts = (select coalesce(jsonb_object_agg(key, value), '{}')
           from jsonb_each(app_accounts || $3::jsonb) where value <> '""')
       where id = $1 returning tftp_configs as tftp, app_accounts as apps`,
      [tenant.id, changes.tftp ?? null, JSON.stringify(changes.apps ?? {})],
    )
    const object = `phones of ${tenant.slug}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'phone-rules', object, detail: changes })
    return rows[0]!
  })
}
