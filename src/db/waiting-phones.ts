import type { Mac } from '../model/mac.ts'
import type { Queryable } from './pool.ts'

/** Somebody who asked for files and is in no inventory. */
export type WaitingPhone = {
  id: number
  mac: string | null
  address: string
  first_at: Date
  last_at: Date
  contacts: number
  transport: string
  file: string
  user_agent: string
  family: string | null
  model: string | null
  firmware: string | null
  outcome: string
}

/** Lets the oldest go, of each source and of all. A /64 is one source: whoever has one address of it has them all. */
export async function trimWaiting(client: Queryable, most: { perSource: number; total: number }): Promise<void> {
  await client.query(
    `delete from waiting_phones w using (
       select id, row_number() over (partition by source order by last_at desc, id) as place,
         row_number() over (order by last_at desc, id) as rank
       from (select id, last_at, case when address like '%:%:%'
           then network(set_masklen(address::inet, 64))::text else address end as source from waiting_phones) s) o
     where w.id = o.id and (o.place > $1 or o.rank > $2)`,
    [most.perSource, most.total],
  )
}

/** Those of the inventory are not among them, even if they waited before they were entered; latest first. */
export async function listWaiting(owner: Queryable): Promise<WaitingPhone[]> {
  const { rows } = await owner.query<WaitingPhone>(
    `select w.* from offhook.waiting_phones w
     where not exists (select from offhook.devices d where d.mac = w.mac) order by w.last_at desc, w.id`,
  )
  return rows
}

/** What an unknown phone last said of itself; null when none of that MAC address waits. */
export async function findWaiting(owner: Queryable, mac: Mac): Promise<WaitingPhone | null> {
  const { rows } = await owner.query<WaitingPhone>(
    'select * from offhook.waiting_phones where mac = $1 order by last_at desc limit 1',
    [mac],
  )
  return rows[0] ?? null
}

/**
 * Phones that waited and are a tenant's now: what they asked for meanwhile becomes the beginning of their story, a line for
 * each place that they asked from, with what they asked for last, how often, and in the detail since when. Nothing is
 * told where the story has begun already.
 */
export async function tellWaiting(owner: Queryable, tenantId: number): Promise<void> {
  await owner.query(
    `with gone as (
       delete from offhook.waiting_phones w using offhook.devices d where d.tenant_id = $1 and w.mac = d.mac
       returning w.*, d.id as device_id
     )
     insert into offhook.device_contacts (tenant_id, device_id, at, transport, address, file, user_agent, family, model,
       firmware, outcome, detail, times)
     select $1, device_id, last_at, transport, address, file, user_agent, family, model, firmware, 'unlisted',
       to_char(first_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), contacts from gone
     where not exists (select from offhook.device_contacts c where c.device_id = gone.device_id and c.at > gone.last_at)
     order by last_at`,
    [tenantId],
  )
}

/** Deletes who was not heard of for so long, or is in the inventory now. @returns how many */
export async function eraseOldWaiting(owner: Queryable, days: number): Promise<number> {
  const { rowCount } = await owner.query(
    `delete from offhook.waiting_phones w where w.last_at < now() - make_interval(days => $1)
       or exists (select from offhook.devices d where d.mac = w.mac)`,
    [days],
  )
  return rowCount ?? 0
}

/**
 * Whether tenant $1 may see the waiting phone `w`: an unknown phone is its own only if it asked from where the tenant lets phones be claimed,
 * or was given an account by it.
 */
export const WAITING_OF_TENANT = `(exists (select from offhook.claim_phones p where p.mac = w.mac and p.tenant_id = $1)
  or exists (select from offhook.claim_codes c where c.tenant_id = $1 and c.revoked_at is null and c.expires_at > now()
    and w.address::inet <<= any (c.networks)))`

/** Those that a tenant may see, the latest first. */
export async function listWaitingOf(owner: Queryable, tenantId: number): Promise<WaitingPhone[]> {
  const { rows } = await owner.query<WaitingPhone>(
    `select w.* from offhook.waiting_phones w where ${WAITING_OF_TENANT}
       and not exists (select from offhook.devices d where d.mac = w.mac) order by w.last_at desc, w.id`,
    [tenantId],
  )
  return rows
}

/**
 * Takes waiting phones off the list, with one line of history; one that asks again is on it again.
 * @param which a MAC address or number, or null for all; with a tenant only what it may see
 * @returns how many
 */
export async function dismissWaiting(
  owner: Queryable,
  which: { mac: Mac } | { id: number } | null,
  by: { tenantId: number | null; actor: string },
): Promise<number> {
  const { rows } = await owner.query<{ dismissed: number }>(
    `with gone as (
       delete from offhook.waiting_phones w where ($1::bigint is null or ${WAITING_OF_TENANT})
         and ($2::text is null or w.mac = $2) and ($3::bigint is null or w.id = $3)
       returning mac
     ), sum as (select count(*)::int as dismissed, min(mac) as mac from gone), told as (
       insert into offhook.audit (tenant_id, actor, action, object, detail)
       select $1, $4, 'phone-dismiss', case when dismissed = 1 then 'phone ' || coalesce(mac, 'without an address')
         else 'waiting phones' end, jsonb_build_object('dismissed', dismissed) from sum where dismissed > 0
     ) select dismissed from sum`,
    [by.tenantId, which && 'mac' in which ? which.mac : null, which && 'id' in which ? which.id : null, by.actor],
  )
  return rows[0]!.dismissed
}
