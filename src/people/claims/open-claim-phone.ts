import type pg from 'pg'
import { inTransaction } from '../../db/pool.ts'
import { readTenant } from '../../db/tenants.ts'
import type { Mac } from '../../model/mac.ts'
import type { Secret } from '../../model/secret.ts'
import { generateAdminPassword, generateClaimName, generateSipSecret } from '../../secrets/generate.ts'
import type { SecretPlace } from '../../secrets/vault.ts'
import type { PeopleDesk } from '../desk.ts'
import { eraseClaimAccounts, writeClaimAccount } from './claim-accounts.ts'

/** A phone that asks for its files and is released to nobody. */
export type ClaimAsker = { tenantId: number; mac: Mac; family: string; model: string; address: string }

/** What goes into its temporary configuration. `settings`: those of the tenant, as they are stored. */
export type ClaimAccount = { user: string; secret: Secret; adminPassword: Secret; settings: unknown }

/** Accounts that a tenant has at once. Anybody may ask with any MAC address: what is stored must not grow with it. */
export const MOST_CLAIM_PHONES = 500

type ClaimPhoneRow = {
  id: number
  account: string
  secret: Buffer
  admin_password: Buffer
  is_open: boolean
  closed_at: Date | null
}

/**
 * The account of a phone that may be claimed by dialling: a new one, or the one that it was given before, so that all of
 * its files say the same. Null: no code of the tenant is good for it, or too many phones wait already.
 */
export function openClaimPhone(desk: PeopleDesk, asker: ClaimAsker): Promise<ClaimAccount | null> {
  const { tenantId, mac } = asker
  return inTransaction(desk.pool, tenantId, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('offhook claims'), $1)`, [tenantId % 0x7fffffff])
    const until = await readEnd(client, asker)
    if (!until) return null
    const tenant = await readTenant(client, tenantId)
    const { rows } = await client.query<ClaimPhoneRow>(
      `select id, account, secret, admin_password, closed_at,
         closed_at is null and bound_at is null and expires_at > now() as is_open
       from claim_phones where mac = $1 and tenant_id = $2`,
      [mac, tenantId],
    )
    const known = rows[0]
    const phone = known?.is_open
      ? await prolong(client, known, asker, until)
      : await replace(client, desk, tenant.slug, { asker, until, known })
    if (!phone) return null
    const { rows: settings } = await client.query<{ settings: unknown }>('select settings from tenants')
    return {
      user: phone.account,
      secret: desk.vault.open(phone.secret, claimPlace(tenant.slug, phone.id, 'secret')),
      adminPassword: desk.vault.open(phone.admin_password, claimPlace(tenant.slug, phone.id, 'admin_password')),
      settings: settings[0]!.settings,
    }
  })
}

type Opened = Pick<ClaimPhoneRow, 'id' | 'account' | 'secret' | 'admin_password'>

/** Until when a phone from there may be claimed; null: no code is good for it. */
async function readEnd(client: pg.PoolClient, { tenantId, address }: ClaimAsker): Promise<Date | null> {
  const { rows } = await client.query<{ until: Date | null }>(
    `select max(expires_at) as until from claim_codes where tenant_id = $1 and revoked_at is null and expires_at > now()
       and phones_left > 0 and wrong_tries < 20 and (networks = '{}' or $2::inet <<= any (networks))`,
    [tenantId, address],
  )
  return rows[0]!.until
}

/** One that is locked keeps its end: a later code must not lock it for good. */
async function prolong(client: pg.PoolClient, known: Opened, asker: ClaimAsker, until: Date): Promise<Opened> {
  await client.query(
    `update claim_phones set family = $2, model = $3, address = $4,
       expires_at = case when wrong_tries < 5 then greatest(expires_at, $5) else expires_at end where id = $1`,
    [known.id, asker.family, asker.model, asker.address, until],
  )
  return known
}

async function replace(
  client: pg.PoolClient,
  desk: PeopleDesk,
  slug: string,
  { asker, until, known }: { asker: ClaimAsker; until: Date; known: ClaimPhoneRow | undefined },
): Promise<Opened | null> {
  const { tenantId, mac, family, model, address } = asker
  if (known) {
    if (!known.closed_at) await eraseClaimAccounts(client, tenantId, [known.account])
    await client.query('delete from claim_phones where id = $1', [known.id])
  }
  const { rows } = await client.query<{ id: number; waiting: number }>(
    `select nextval('ids') as id, count(*)::int as waiting from claim_phones where tenant_id = $1 and closed_at is null`,
    [tenantId],
  )
  const { id, waiting } = rows[0]!
  if (waiting >= MOST_CLAIM_PHONES) return null
  const secret = generateSipSecret()
  const opened = {
    ...{ id, account: generateClaimName(), secret: desk.vault.seal(secret, claimPlace(slug, id, 'secret')) },
    admin_password: desk.vault.seal(generateAdminPassword(), claimPlace(slug, id, 'admin_password')),
  }
  await client.query(
    `insert into claim_phones (id, tenant_id, mac, family, model, address, account, secret, admin_password, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, tenantId, mac, family, model, address, opened.account, opened.secret, opened.admin_password, until],
  )
  await writeClaimAccount(client, desk, { slug }, { name: opened.account, secret, family })
  return opened
}

function claimPlace(tenant: string, id: number, column: string): SecretPlace {
  return { tenant, table: 'offhook.claim_phones', row: String(id), column }
}
