import type { Mac } from '../model/mac.ts'
import type { RedirectAddress } from './redirect-accounts.ts'
import type { RedirectState } from './redirect-devices.ts'
import { AppError } from '../model/app-error.ts'
import type { Queryable } from './pool.ts'

/** An account for which something is due, its secrets still sealed. */
export type DueAccount = {
  id: number
  slug: string
  service: string
  login: Buffer
  options: Record<string, string>
  address: RedirectAddress
}

const OPEN = `a.enabled and (a.paused_until is null or a.paused_until <= now())`

/** Those that waited longest first. Needs a role that sees every tenant. */
export async function listDueRedirects(owner: Queryable): Promise<number[]> {
  const { rows } = await owner.query<{ id: number }>(
    `select a.id from offhook.redirect_accounts a cross join lateral (
       select next_attempt_at from offhook.redirect_devices d where d.account_id = a.id and d.next_attempt_at <= now()
       order by next_attempt_at limit 1) first
     where ${OPEN} order by first.next_attempt_at`,
  )
  return rows.map(({ id }) => id)
}

/** Undefined when it is gone, switched off or to be left alone. */
export async function readDueAccount(owner: Queryable, accountId: number): Promise<DueAccount | undefined> {
  const { rows } = await owner.query<DueAccount>(
    `select a.id, t.slug, a.service, a.login, a.options, a.address
     from offhook.redirect_accounts a join offhook.tenants t on t.id = a.tenant_id where a.id = $1 and ${OPEN}`,
    [accountId],
  )
  return rows[0]
}

export type ClaimedRedirect = {
  id: number
  mac: Mac
  present: boolean
  state: RedirectState
  serial: string | null
  sent_sha256: Buffer | null
  attempts: number
  revision: number
  /** Of the phone that is there; null: there is none any more. */
  device_id: number | null
  family: string | null
  /** Sealed. */
  token: Buffer | null
  sealed_at: Date | null
}

/**
 * Takes what is due of one account for `leaseS` seconds: who dies with it in hand leaves it to be taken again after that.
 * From then on the service may hold what is to be registered.
 */
export async function claimRedirects(
  owner: Queryable,
  accountId: number,
  { limit, leaseS }: { limit: number; leaseS: number },
): Promise<ClaimedRedirect[]> {
  const { rows } = await owner.query<ClaimedRedirect>(
    `with due as (
       select id from offhook.redirect_devices where account_id = $1 and next_attempt_at <= now()
       order by next_attempt_at, id limit $2 for update skip locked
     ), taken as (
       update offhook.redirect_devices r set next_attempt_at = now() + make_interval(secs => $3), attempts = attempts + 1,
         sent_at = case when r.present and r.state in ('wanted', 'failed') then coalesce(r.sent_at, now()) else r.sent_at end
       from due where r.id = due.id returning r.*
     )
     select r.id, r.mac, r.present, r.state, s.serial, r.sent_sha256, r.attempts, r.revision, d.id as device_id, d.family,
       d.token, d.sealed_at
     from taken r left join offhook.devices d on d.mac = r.mac and d.tenant_id = r.tenant_id
       left join offhook.device_serials s on s.mac = r.mac and s.tenant_id = r.tenant_id order by r.id`,
    [accountId, limit, leaseS],
  )
  return rows
}

/**
 * Of phones that are to be forgotten, those that another tenant has registered with the very same account at the maker:
 * forgetting them would take them from that tenant.
 */
export async function listTakenOver(owner: Queryable, ids: readonly number[]): Promise<number[]> {
  const { rows } = await owner.query<{ id: number }>(
    `select r.id from offhook.redirect_devices r join offhook.redirect_accounts a on a.id = r.account_id
     where r.id = any ($1) and exists (
       select from offhook.redirect_devices o join offhook.redirect_accounts b on b.id = o.account_id
       where o.mac = r.mac and o.id <> r.id and o.present and b.service = a.service and b.username = a.username)`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

export type RedirectOutcome = Pick<ClaimedRedirect, 'id' | 'revision'> & {
  state: RedirectState
  reason: string | null
  cure: string | null
  sentSha256: Buffer | null
  /** What the service was found to hold instead; null: it was not found so this time. */
  alteredTo: string | null
  /** Null: nothing until somebody asks. */
  pauseS: number | null
}

/** Notes what became of a phone, unless something else was asked of it meanwhile. */
export async function markRedirect(owner: Queryable, outcome: RedirectOutcome): Promise<void> {
  const { id, revision, state, reason, cure, sentSha256, alteredTo, pauseS } = outcome
  await owner.query(
    `update offhook.redirect_devices set state = $3, reason = $4, cure = $5, sent_sha256 = coalesce($6, sent_sha256),
       confirmed_at = case when $3 = 'confirmed' then now() else confirmed_at end,
       attempts = case when $3 = 'confirmed' then 0 else attempts end,
       altered_at = case when $7::text is null then altered_at else now() end, altered_to = coalesce($7, altered_to),
       next_attempt_at = now() + make_interval(secs => $8)
     where id = $1 and revision = $2`,
    [id, revision, state, reason, cure, sentSha256, alteredTo, pauseS],
  )
}

/** Forgets phones that the service has forgotten, and an account that has no more of them and is to go. */
export async function dropRedirects(owner: Queryable, rows: readonly Pick<ClaimedRedirect, 'id' | 'revision'>[]) {
  await owner.query(
    `with gone as (
       delete from offhook.redirect_devices r using unnest($1::bigint[], $2::int[]) as done (id, revision)
       where r.id = done.id and r.revision = done.revision returning r.id, r.account_id)
     delete from offhook.redirect_accounts a where a.leaving and a.id in (select account_id from gone)
       and not exists (select from offhook.redirect_devices r where r.account_id = a.id and r.id not in (select id from gone))`,
    [rows.map(({ id }) => id), rows.map(({ revision }) => revision)],
  )
}

/** Gives back what was taken and not tried to its end. */
export async function returnRedirects(owner: Queryable, ids: readonly number[]): Promise<void> {
  await owner.query(
    'update offhook.redirect_devices set attempts = greatest(attempts - 1, 0), next_attempt_at = now() where id = any ($1)',
    [ids],
  )
}

/** Leaves an account alone for a while; its failures in a row are counted. @returns how many there are now */
export async function pauseRedirects(
  owner: Queryable,
  accountId: number,
  { note, pauseOf }: { note: string; pauseOf: (failures: number) => number },
): Promise<number> {
  const { rows } = await owner.query<{ failures: number }>(
    'update offhook.redirect_accounts set failures = failures + 1, note = $2 where id = $1 returning failures',
    [accountId, note],
  )
  const failures = rows[0]?.failures ?? 0
  await owner.query(
    'update offhook.redirect_accounts set paused_until = now() + make_interval(secs => $2) where id = $1',
    [accountId, pauseOf(failures)],
  )
  return failures
}

/** The account works. */
export async function clearRedirectNote(owner: Queryable, accountId: number): Promise<void> {
  await owner.query(
    `update offhook.redirect_accounts set note = null, failures = 0, paused_until = null
     where id = $1 and (note is not null or failures > 0)`,
    [accountId],
  )
}

/** An account whatever its state. @throws AppError `redirect-unknown` */
export async function readAnyAccount(owner: Queryable, accountId: number): Promise<DueAccount> {
  const { rows } = await owner.query<DueAccount>(
    `select a.id, t.slug, a.service, a.login, a.options, a.address
     from offhook.redirect_accounts a join offhook.tenants t on t.id = a.tenant_id where a.id = $1`,
    [accountId],
  )
  if (!rows[0]) throw new AppError('redirect-unknown', `There is no redirect account ${accountId}.`)
  return rows[0]
}

/** Every phone that the service should hold by now, in the order of their MAC addresses. */
export async function listPlacedRedirects(owner: Queryable, accountId: number): Promise<ClaimedRedirect[]> {
  const { rows } = await owner.query<ClaimedRedirect>(
    `select r.id, r.mac, r.present, r.state, s.serial, r.sent_sha256, r.attempts, r.revision, d.id as device_id, d.family,
       d.token, d.sealed_at
     from offhook.redirect_devices r left join offhook.devices d on d.mac = r.mac and d.tenant_id = r.tenant_id
       left join offhook.device_serials s on s.mac = r.mac and s.tenant_id = r.tenant_id
     where r.account_id = $1 and r.present order by r.mac`,
    [accountId],
  )
  return rows
}
