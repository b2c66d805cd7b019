import type { Mac } from '../model/mac.ts'
import type { Queryable } from './pool.ts'

export type RedirectState = 'wanted' | 'sent' | 'confirmed' | 'failed'
export const REDIRECT_STATES = ['wanted', 'sent', 'confirmed', 'failed'] as const satisfies readonly RedirectState[]

/** What one account is to hold of one phone, and how far that is. */
export type RedirectDevice = {
  id: number
  account_id: number
  mac: Mac
  /** False: it is to be forgotten there. */
  present: boolean
  state: RedirectState
  serial: string | null
  sent_at: Date | null
  confirmed_at: Date | null
  attempts: number
  next_attempt_at: Date | null
  reason: string | null
  cure: string | null
  /** When the service was last found to hold something else than it was sent, and what. */
  altered_at: Date | null
  altered_to: string | null
}

export type RedirectPage = {
  state?: RedirectState | undefined
  /** Only those behind it in the order of MAC addresses. */
  after?: string | undefined
  limit: number
}

/** In the order of their MAC addresses. */
export async function listRedirectDevices(
  client: Queryable,
  accountId: number,
  { state, after, limit }: RedirectPage,
): Promise<RedirectDevice[]> {
  const { rows } = await client.query<RedirectDevice>(
    `select d.id, d.account_id, d.mac, d.present, d.state, s.serial, d.sent_at, d.confirmed_at, d.attempts, d.next_attempt_at,
       d.reason, d.cure, d.altered_at, d.altered_to
     from offhook.redirect_devices d left join offhook.device_serials s on s.mac = d.mac and s.tenant_id = d.tenant_id
     where d.account_id = $1 and ($2::text is null or d.state = $2) and d.mac > $3 order by d.mac limit $4`,
    [accountId, state ?? null, after ?? '', limit],
  )
  return rows
}

/**
 * Has phones registered that are there: those of `macs`, or with null all of the account's maker that are not confirmed.
 * @returns their MAC addresses
 */
export async function queueRedirects(
  client: Queryable,
  accountId: number,
  macs: readonly string[] | null,
): Promise<string[]> {
  const { rows } = await client.query<{ mac: string }>(
    `insert into offhook.redirect_devices as r (tenant_id, account_id, mac)
       select d.tenant_id, a.id, d.mac from offhook.redirect_accounts a join offhook.devices d
         on d.tenant_id = a.tenant_id and split_part(d.family, '-', 1) = a.maker
       where a.id = $1 and not a.leaving and d.mac is not null and ($2::text[] is null or d.mac = any ($2)) order by d.mac
     on conflict (account_id, mac) do update set present = true, state = 'wanted', attempts = 0, next_attempt_at = now(),
       reason = null, cure = null, altered_at = null, altered_to = null, revision = r.revision + 1
       where $2::text[] is not null or r.state <> 'confirmed' or not r.present
     returning mac`,
    [accountId, macs],
  )
  return rows.map(({ mac }) => mac)
}

/** Has what is confirmed looked up again now. @returns how many phones */
export async function queueRedirectChecks(client: Queryable, accountId: number): Promise<number> {
  const { rowCount } = await client.query(
    `update offhook.redirect_devices set next_attempt_at = now() where account_id = $1 and state in ('sent', 'confirmed')`,
    [accountId],
  )
  return rowCount ?? 0
}

/** Keeps what stands on labels, by MAC address. */
export async function storeSerials(
  client: Queryable,
  tenantId: number,
  serials: readonly { mac: Mac; serial: string }[],
): Promise<void> {
  await client.query(
    `insert into offhook.device_serials (tenant_id, mac, serial)
       select $1, mac, serial from unnest($2::text[], $3::text[]) as given (mac, serial)
     on conflict (mac, tenant_id) do update set serial = excluded.serial`,
    [tenantId, serials.map(({ mac }) => mac), serials.map(({ serial }) => serial)],
  )
}

/** Phones of the account's maker that nobody has asked to be registered. */
export async function countUnregistered(client: Queryable, accountId: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from offhook.redirect_accounts a join offhook.devices d
       on d.tenant_id = a.tenant_id and split_part(d.family, '-', 1) = a.maker
     where a.id = $1 and d.mac is not null and not exists (
       select from offhook.redirect_devices r where r.account_id = a.id and r.mac = d.mac)`,
    [accountId],
  )
  return rows[0]!.count
}
