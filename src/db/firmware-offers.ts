import type { Queryable } from './pool.ts'

// Who is offered which firmware, and how far it is. All of it as the owner, over all tenants.

/** A phone of a family that something is rolled out to, or that is pinned or has an offer. */
export type Candidate = {
  id: number
  tenantId: number
  family: string
  /** In lower case. */
  model: string
  /** What it last said that it is, where it said something that we know; in lower case. */
  saidModel: string | null
  pinned: boolean
  /** Null: pinned to what it has. */
  pinnedImage: number | null
  offer: { imageId: number; rolloutId: number | null; active: boolean; state: string } | null
}

/** One process at a time decides; false: another one does. */
export async function lockRollouts(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('offhook rollouts')) as locked`,
  )
  return rows[0]!.locked
}

/** Whether anything is rolled out, pinned or offered at all. */
export async function hasRollouts(owner: Queryable): Promise<boolean> {
  const { rows } = await owner.query<{ any: boolean }>(
    `select exists (select from firmware_rollouts) or exists (select from firmware_pins)
       or exists (select from firmware_offers) as any`,
  )
  return rows[0]!.any
}

/** Of device `d`, what a contact that named its family said last. */
const lastSaid = (column: string) => `(select ${column} from device_contacts c where c.device_id = d.id
  and c.family = d.family and ${column} is not null order by c.id desc limit 1)`

export async function listCandidates(owner: Queryable): Promise<Candidate[]> {
  const { rows } = await owner.query<Candidate>(
    `select d.id, d.tenant_id as "tenantId", d.family, lower(d.model) as model,
       lower(${lastSaid('c.model')}) as "saidModel", p.device_id is not null as pinned, p.image_id as "pinnedImage",
       case when o.device_id is not null then json_build_object('imageId', o.image_id, 'rolloutId', o.rollout_id,
         'active', o.active, 'state', o.state) end as offer
     from devices d left join firmware_pins p on p.device_id = d.id left join firmware_offers o on o.device_id = d.id
     where p.device_id is not null or o.device_id is not null
       or (d.tenant_id, d.family) in (select tenant_id, family from firmware_rollouts)
     order by d.id`,
  )
  return rows
}

export type Offer = { deviceId: number; tenantId: number; imageId: number; rolloutId: number | null; active: boolean }

/** Offers something new to these phones: whatever they were offered before counts no more. */
export async function putOffers(owner: Queryable, offers: readonly Offer[]): Promise<void> {
  if (offers.length === 0) return
  await owner.query(
    `insert into firmware_offers (device_id, tenant_id, image_id, rollout_id, active)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bool[])
     on conflict (device_id) do update set image_id = excluded.image_id, rollout_id = excluded.rollout_id,
       active = excluded.active, state = 'offered', offered_at = now(), told_at = null, fetched_at = null,
       ended_at = null, version_before = null, version_seen = null, visits = 0, contact_id = 0`,
    [
      offers.map(({ deviceId }) => deviceId),
      offers.map(({ tenantId }) => tenantId),
      offers.map(({ imageId }) => imageId),
      offers.map(({ rolloutId }) => rolloutId),
      offers.map(({ active }) => active),
    ],
  )
}

/** Begins or ends to say it in the configurations of these phones; how far they are stays. */
export async function activateOffers(owner: Queryable, devices: readonly number[], active: boolean): Promise<void> {
  if (devices.length === 0) return
  await owner.query(
    `update firmware_offers set active = $2, offered_at = case when $2 then now() else offered_at end
     where device_id = any ($1)`,
    [devices, active],
  )
}

export async function deleteOffers(owner: Queryable, devices: readonly number[]): Promise<void> {
  if (devices.length === 0) return
  await owner.query('delete from firmware_offers where device_id = any ($1)', [devices])
}

/** What a phone that is not there yet did since it was last looked at. */
export type OfferProgress = {
  deviceId: number
  tenantId: number
  rolloutId: number | null
  version: string
  state: string
  toldAt: Date | null
  fetchedAt: Date | null
  visits: number
  before: string | null
  seen: string | null
  lastAt: Date | null
  contactId: number
}

/** Contacts of a phone closer together than this are one visit: a boot is a handful of requests. */
const VISIT_GAP = '2 minutes'

/**
 * Reads on in the stories of phones that are offered something and do not have it, and takes over what they say of it: a
 * visit is a fetch of the own configuration after the one that told of the offer.
 */
export async function readProgress(owner: Queryable): Promise<OfferProgress[]> {
  const { rows } = await owner.query<OfferProgress>(
    `with named as (
       select i.id, array_agg(lower(f.name)) as names from firmware_images i join firmware_files f on f.image_id = i.id
       group by i.id
     ), fresh as (
       select o.device_id, c.id, c.at, c.outcome, c.firmware, c.family = d.family as own,
         c.outcome = 'stored' and lower(regexp_replace(c.file, '^.*/', '')) = any (n.names) as is_image,
         c.outcome = 'served' and o.active and c.at >= o.offered_at as is_visit
       from firmware_offers o join devices d on d.id = o.device_id join named n on n.id = o.image_id
         join device_contacts c on c.device_id = o.device_id and c.id > o.contact_id
       where o.state <> 'updated'
     ), visits as (
       select device_id, at, at - coalesce(lag(at) over (partition by device_id order by id),
         (select max(v.at) from device_contacts v, firmware_offers o where o.device_id = fresh.device_id
            and v.device_id = o.device_id and v.id <= o.contact_id and v.outcome = 'served' and v.at >= o.told_at),
         timestamptz '2000-01-01') > interval '${VISIT_GAP}' as is_new
       from fresh where is_visit
     ), said as (
       select device_id, max(id) as contact_id, max(at) as last_at, max(at) filter (where is_image) as fetched_at,
         (array_agg(firmware order by id) filter (where own and firmware is not null))[1] as first_seen,
         (array_agg(firmware order by id desc) filter (where own and firmware is not null))[1] as seen
       from fresh group by device_id
     ), counted as (
       select device_id, min(at) as first_at, count(*) filter (where is_new)::int as visits from visits group by device_id
     )
     select o.device_id as "deviceId", o.tenant_id as "tenantId", o.rollout_id as "rolloutId", i.version, o.state,
       coalesce(o.told_at, k.first_at) as "toldAt", coalesce(s.fetched_at, o.fetched_at) as "fetchedAt",
       o.visits + greatest(0, coalesce(k.visits, 0) - case when o.told_at is null then 1 else 0 end) as visits,
       coalesce(o.version_before, s.first_seen) as before, coalesce(s.seen, o.version_seen) as seen,
       coalesce(s.last_at, (select max(c.at) from device_contacts c where c.device_id = o.device_id)) as "lastAt",
       coalesce(s.contact_id, o.contact_id) as "contactId"
     from firmware_offers o join firmware_images i on i.id = o.image_id
       left join said s on s.device_id = o.device_id left join counted k on k.device_id = o.device_id
     where o.state <> 'updated'`,
  )
  return rows
}

/** Notes how far these phones are. */
export async function noteProgress(owner: Queryable, progress: readonly OfferProgress[]): Promise<void> {
  if (progress.length === 0) return
  await owner.query(
    `update firmware_offers o set state = p.state, told_at = p.told_at, fetched_at = p.fetched_at, visits = p.visits,
       version_before = p.before, version_seen = p.seen, contact_id = p.contact_id,
       ended_at = case when p.state in ('updated', 'failed', 'missing') then coalesce(o.ended_at, now()) end
     from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::text[], $7::text[],
       $8::bigint[]) as p (device_id, state, told_at, fetched_at, visits, before, seen, contact_id)
     where o.device_id = p.device_id`,
    [
      progress.map(({ deviceId }) => deviceId),
      progress.map(({ state }) => state),
      progress.map(({ toldAt }) => toldAt),
      progress.map(({ fetchedAt }) => fetchedAt),
      progress.map(({ visits }) => visits),
      progress.map(({ before }) => before),
      progress.map(({ seen }) => seen),
      progress.map(({ contactId }) => contactId),
    ],
  )
}
