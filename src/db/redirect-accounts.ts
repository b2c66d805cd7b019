import type { SecretPlace } from '../secrets/vault.ts'
import type { Queryable } from './pool.ts'

export type RedirectAddress = 'base' | 'token'

/** A tenant's account at a maker's redirect service, its secrets aside. */
export type RedirectAccount = {
  id: number
  maker: string
  service: string
  /** Whose account it is. */
  username: string
  options: Record<string, string>
  /** What phones are sent to: the address of this server, or one that holds their token. */
  address: RedirectAddress
  enabled: boolean
  /** Its phones are being taken from the service; it goes with the last one. */
  leaving: boolean
  /** Why the last call as a whole came to nothing. */
  note: string | null
  paused_until: Date | null
  created_at: Date
  created_by: string
}

/** With how many phones are in which state, and how many were found altered. */
export type CountedAccount = RedirectAccount & { devices: Record<string, number>; altered: number }

const COLUMNS = `a.id, a.maker, a.service, a.username, a.options, a.address, a.enabled, a.leaving, a.note, a.paused_until,
  a.created_at, a.created_by`

/** Where its secrets are sealed. */
export function redirectPlace(slug: string, accountId: number): SecretPlace {
  return { tenant: slug, table: 'offhook.redirect_accounts', row: String(accountId), column: 'login' }
}

/** In the order of their makers. */
export async function listRedirectAccounts(client: Queryable, tenantId: number): Promise<CountedAccount[]> {
  const { rows } = await client.query<CountedAccount>(
    `select ${COLUMNS}, coalesce((select jsonb_object_agg(state, count) from (
         select state, count(*) from offhook.redirect_devices d where d.account_id = a.id group by state) states), '{}')
         as devices,
       (select count(*)::int from offhook.redirect_devices d where d.account_id = a.id and altered_at is not null) as altered
     from offhook.redirect_accounts a where a.tenant_id = $1 order by a.maker`,
    [tenantId],
  )
  return rows
}

export type LockedRedirectAccount = RedirectAccount & { login: Buffer }

/** Undefined when there is none. Nobody else changes it until the transaction ends. */
export async function lockRedirectAccount(
  client: Queryable,
  tenantId: number,
  accountId: number,
): Promise<LockedRedirectAccount | undefined> {
  const { rows } = await client.query<LockedRedirectAccount>(
    `select ${COLUMNS}, a.login from offhook.redirect_accounts a where a.tenant_id = $1 and a.id = $2 for update`,
    [tenantId, accountId],
  )
  return rows[0]
}

export type RedirectAccountDraft = Pick<RedirectAccount, 'username' | 'options' | 'address' | 'enabled'>

/** @param seal called with the new id; undefined when the tenant has an account of this maker */
export async function insertRedirectAccount(
  client: Queryable,
  account: RedirectAccountDraft & { tenantId: number; maker: string; service: string; actor: string },
  seal: (id: number) => Buffer,
): Promise<RedirectAccount | undefined> {
  const { rows: ids } = await client.query<{ id: number }>(`select nextval('offhook.ids') as id`)
  const { id } = ids[0]!
  const { rows } = await client.query<RedirectAccount>(
    `insert into offhook.redirect_accounts as a
       (id, tenant_id, maker, service, username, login, options, address, enabled, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (maker, tenant_id) do nothing returning ${COLUMNS}`,
    [
      ...[id, account.tenantId, account.maker, account.service, account.username, seal(id)],
      ...[JSON.stringify(account.options), account.address, account.enabled, account.actor],
    ],
  )
  return rows[0]
}

/** What held it up before is forgotten: it is tried at once. */
export async function updateRedirectAccount(
  client: Queryable,
  accountId: number,
  { username, options, address, enabled, login }: RedirectAccountDraft & { login: Buffer },
): Promise<RedirectAccount> {
  const { rows } = await client.query<RedirectAccount>(
    `update offhook.redirect_accounts a set username = $2, options = $3, address = $4, enabled = $5, login = $6,
       note = null, failures = 0, paused_until = null where a.id = $1 returning ${COLUMNS}`,
    [accountId, username, JSON.stringify(options), address, enabled, login],
  )
  return rows[0]!
}

/** Somebody wants it tried now: what failed before is not waited for any longer. */
export async function endRedirectPause(client: Queryable, accountId: number): Promise<void> {
  await client.query('update offhook.redirect_accounts set paused_until = null where id = $1', [accountId])
}

export async function deleteRedirectAccount(client: Queryable, accountId: number): Promise<void> {
  await client.query('delete from offhook.redirect_accounts where id = $1', [accountId])
}

/**
 * Has all of its phones taken from the service. @returns how many; with none the account is gone already
 */
export async function leaveRedirectAccount(client: Queryable, accountId: number): Promise<number> {
  await client.query('delete from offhook.redirect_devices where account_id = $1 and sent_at is null', [accountId])
  const { rowCount } = await client.query(
    `update offhook.redirect_devices set present = false, state = 'wanted', attempts = 0, next_attempt_at = now(),
       reason = null, cure = null, revision = revision + 1 where account_id = $1`,
    [accountId],
  )
  if (!rowCount) await deleteRedirectAccount(client, accountId)
  else
    await client.query(
      'update offhook.redirect_accounts set leaving = true, enabled = true, paused_until = null where id = $1',
      [accountId],
    )
  return rowCount ?? 0
}
