import type { Queryable } from './pool.ts'

/**
 * `queued`: to be told · `told` · `came`: fetched after that · `missing`: did not within the time given · `away`: was not
 * registered; told when it is back, if its bytes still differ · `failed`: Asterisk refused · `stopped`: not told, for most
 * of those told before did not come back.
 */
export type ResyncState = 'queued' | 'told' | 'came' | 'missing' | 'away' | 'failed' | 'stopped'

/** A phone that something was changed about, with what it last got. */
export type ChangedDevice = { id: number; tenantId: number; family: string; files: { name: string; etag: string }[] }

/** Takes the phones that were not changed for a moment; they are off the list once the transaction ends well. */
export async function takeChangedDevices(
  client: Queryable,
  { settleMs, limit }: { settleMs: number; limit: number },
): Promise<ChangedDevice[]> {
  const { rows } = await client.query<ChangedDevice>(
    `with taken as (
       delete from changed_devices where device_id in (
         select device_id from changed_devices where changed_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)
         order by changed_at limit $2 for update skip locked)
       returning device_id)
     select d.id, d.tenant_id as "tenantId", d.family, coalesce((select json_agg(json_build_object('name', f.name,
       'etag', f.etag)) from device_files f where f.device_id = d.id), '[]') as files
     from taken t join devices d on d.id = t.device_id order by d.id`,
    [settleMs, limit],
  )
  return rows
}

/** Has these phones told, whatever became of an earlier telling. @returns how many */
export async function queueResyncs(
  client: Queryable,
  devices: readonly number[],
  reason: 'changed' | 'asked',
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into device_resyncs (device_id, tenant_id, reason)
     select d.id, d.tenant_id, $2 from devices d where d.id = any ($1) order by d.id
     on conflict (device_id) do update set reason = excluded.reason, state = 'queued', due_at = clock_timestamp(),
       told_at = null, ended_at = null, note = null`,
    [devices, reason],
  )
  return rowCount ?? 0
}

/** `claim`: the account that it was claimed by, if it is registered on that. */
export type ResyncToTell = { id: number; name: string; family: string; endpoints: string[]; claim: string | null }

/**
 * The next phone to tell, noted as told; null: nobody now. Tenants with as many phones under way as may be wait for those
 * to come back. All processes together keep the pace.
 */
export async function takeResync(
  client: Queryable,
  limits: { paceMs: number; underWay: number },
): Promise<ResyncToTell | null> {
  await client.query(`select pg_advisory_xact_lock(hashtext('offhook resyncs'))`)
  const { rows } = await client.query<ResyncToTell>(
    `with next as (
       select r.device_id from device_resyncs r
       where r.state = 'queued' and r.due_at <= clock_timestamp()
         and not exists (select from device_resyncs o
           where o.told_at > clock_timestamp() - make_interval(secs => $1::float8 / 1000))
         and r.tenant_id not in (select tenant_id from device_resyncs where state = 'told'
           group by tenant_id having count(*) >= $2)
       order by r.due_at, r.device_id limit 1 for update skip locked
     ), told as (
       update device_resyncs r set state = 'told', told_at = clock_timestamp(), note = null
       from next where r.device_id = next.device_id returning r.device_id
     )
     select d.id, d.name, d.family, array(select e.name from lines l join endpoints e on e.id = l.endpoint_id
       where l.device_id = d.id order by l.position) as endpoints,
       (select c.account from claim_phones c join asterisk.ps_contacts k on k.endpoint = c.account
        where c.device_id = d.id and c.closed_at is null and k.expiration_time > extract(epoch from now()) limit 1) as claim
     from told t join devices d on d.id = t.device_id`,
    [limits.paceMs, limits.underWay],
  )
  return rows[0] ?? null
}

/** It could not be told after all: `away` or `failed`, or `queued` to be tried again later. */
export async function returnResync(
  client: Queryable,
  device: number,
  { state, note, againInMs = 0 }: { state: 'away' | 'failed' | 'queued'; note: string; againInMs?: number },
): Promise<void> {
  await client.query(
    `update device_resyncs set state = $2, note = $3, told_at = null,
       ended_at = case when $2 = 'queued' then null else clock_timestamp() end,
       due_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000) where device_id = $1`,
    [device, state, note, againInMs],
  )
}

/** Notes who came back, late or not or before being told, and who did not in time. */
export async function noteReturns(client: Queryable, patienceMs: number): Promise<void> {
  await client.query(
    `update device_resyncs r set state = 'came', ended_at = clock_timestamp()
     where (r.state in ('told', 'missing') or (r.state = 'queued' and r.reason = 'changed')) and exists (
       select from device_contacts c where c.device_id = r.device_id and c.outcome = 'served'
         and c.at >= coalesce(r.told_at, r.due_at))`,
  )
  await client.query(
    `update device_resyncs set state = 'missing', ended_at = clock_timestamp()
     where state = 'told' and told_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)`,
    [patienceMs],
  )
}

export type StoppedTenant = { tenant: string; stopped: number; missing: number }

/** Stops telling the phones of tenants where most of the last ones, of an hour, did not come back. */
export async function stopResyncs(client: Queryable, { last, within = '1 hour' }: { last: number; within?: string }) {
  const { rows } = await client.query<StoppedTenant>(
    `with judged as (
       select tenant_id, state, row_number() over (partition by tenant_id order by told_at desc) as place
       from device_resyncs where state in ('came', 'missing') and told_at > clock_timestamp() - $2::interval
     ), bad as (
       select tenant_id, count(*) filter (where state = 'missing')::int as missing from judged where place <= $1
       group by tenant_id having count(*) >= $1 and count(*) filter (where state = 'missing') * 2 > $1
     ), stopped as (
       update device_resyncs r set state = 'stopped', ended_at = clock_timestamp(),
         note = bad.missing || ' of the last ' || $1 || ' phones that were told did not come back'
       from bad where r.tenant_id = bad.tenant_id and r.state = 'queued' returning r.tenant_id, bad.missing
     )
     select t.slug as tenant, count(*)::int as stopped, max(s.missing) as missing
     from stopped s join tenants t on t.id = s.tenant_id group by t.slug`,
    [last, within],
  )
  return rows
}

/** Phones that were away are compared again when one of their accounts is registered again. */
export async function compareAgain(client: Queryable, endpoints: readonly string[]): Promise<void> {
  await client.query(
    `insert into changed_devices (tenant_id, device_id)
     select distinct r.tenant_id, r.device_id from device_resyncs r join lines l on l.device_id = r.device_id
       join endpoints e on e.id = l.endpoint_id where r.state = 'away' and e.name = any ($1)
     on conflict (device_id) do update set changed_at = clock_timestamp()`,
    [endpoints],
  )
}
