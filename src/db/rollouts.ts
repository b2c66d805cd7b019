import type { Queryable } from './pool.ts'

export type RolloutState = 'running' | 'paused' | 'stopped'

/** `model` in lower case; null: every model of the family that has no rollout of its own. */
export type RolloutKey = { family: string; model: string | null }

export type RolloutRow = RolloutKey & {
  id: number
  tenantId: number
  imageId: number
  version: string
  /** To whose models the image has files, in lower case; an empty text: to all. */
  fits: string[]
  percentage: number
  notBefore: Date | null
  windowFrom: number | null
  windowTo: number | null
  stopAbove: number
  patienceMinutes: number
  visits: number
  state: RolloutState
  note: string | null
  /** Of the tenant. */
  timezone: string
  tenantSlug: string
}

const FITS = `array(select distinct coalesce(m, '') from firmware_files f left join unnest(f.models) m on true
  where f.image_id = i.id)`

const ROLLOUT = `select r.id, r.tenant_id as "tenantId", r.family, r.model, r.image_id as "imageId", i.version,
    ${FITS} as fits, r.percentage::float8 as percentage, r.not_before as "notBefore",
    r.window_from as "windowFrom", r.window_to as "windowTo", r.stop_above::float8 as "stopAbove",
    r.patience_minutes as "patienceMinutes", r.visits, r.state, r.note, t.slug as "tenantSlug",
    coalesce(t.settings->>'timezone', t.defaults->>'timezone', 'UTC') as timezone
  from firmware_rollouts r join firmware_images i on i.id = r.image_id join tenants t on t.id = r.tenant_id`

/** Of one tenant, or as the owner of all. */
export async function listRolloutRows(client: Queryable, tenantId: number | null): Promise<RolloutRow[]> {
  const { rows } = await client.query<RolloutRow>(
    `${ROLLOUT} where $1::bigint is null or r.tenant_id = $1 order by r.family, r.model nulls first`,
    [tenantId],
  )
  return rows
}

export async function findRollout(
  client: Queryable,
  tenantId: number,
  key: RolloutKey | { id: number },
): Promise<RolloutRow | null> {
  const [where, values] =
    'id' in key
      ? ['r.id = $2', [key.id]]
      : ['r.family = $2 and r.model is not distinct from $3', [key.family, key.model]]
  const { rows } = await client.query<RolloutRow>(`${ROLLOUT} where r.tenant_id = $1 and ${where} for update of r`, [
    ...[tenantId, ...values],
  ])
  return rows[0] ?? null
}

export type RolloutPlan = Pick<
  RolloutRow,
  | 'imageId'
  | 'percentage'
  | 'notBefore'
  | 'windowFrom'
  | 'windowTo'
  | 'stopAbove'
  | 'patienceMinutes'
  | 'visits'
  | 'state'
>

/** Makes the rollout, or changes the one that is there. */
export async function putRollout(
  client: Queryable,
  tenantId: number,
  { family, model }: RolloutKey,
  plan: RolloutPlan,
): Promise<void> {
  const { imageId, percentage, notBefore, windowFrom, windowTo, stopAbove, patienceMinutes, visits, state } = plan
  await client.query(
    `insert into firmware_rollouts (tenant_id, family, model, image_id, percentage, not_before, window_from, window_to,
       stop_above, patience_minutes, visits, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict on constraint firmware_rollouts_model_unique do update set image_id = excluded.image_id,
       percentage = excluded.percentage, not_before = excluded.not_before, window_from = excluded.window_from,
       window_to = excluded.window_to, stop_above = excluded.stop_above, patience_minutes = excluded.patience_minutes,
       visits = excluded.visits, state = excluded.state, note = null, changed_at = now()`,
    [
      ...[tenantId, family, model, imageId, percentage, notBefore, windowFrom, windowTo],
      ...[stopAbove, patienceMinutes, visits, state],
    ],
  )
}

/** Takes a rollout away with what it offers. */
export async function deleteRollout(client: Queryable, id: number): Promise<void> {
  await client.query('delete from firmware_offers where rollout_id = $1', [id])
  await client.query('delete from firmware_rollouts where id = $1', [id])
}

/** Begins to count anew who does not come back: an admin looked after those. */
export async function forgiveMissing(client: Queryable, rolloutId: number): Promise<void> {
  await client.query(
    `update firmware_offers set state = 'told', fetched_at = null, visits = 0, ended_at = null
     where rollout_id = $1 and state in ('missing', 'failed')`,
    [rolloutId],
  )
}

/** Stops a running one. As the owner. */
export async function stopRollout(client: Queryable, id: number, note: string): Promise<void> {
  await client.query(
    `update firmware_rollouts set state = 'stopped', note = $2, changed_at = now() where id = $1 and state = 'running'`,
    [id, note],
  )
}

/** How many phones are how far. */
export type RolloutCounts = Record<'offered' | 'told' | 'fetched' | 'updated' | 'failed' | 'missing', number>

/** Counts by rollout. */
export async function countOffers(client: Queryable, tenantId: number): Promise<Map<number, RolloutCounts>> {
  const { rows } = await client.query<{ id: number; state: keyof RolloutCounts; count: number }>(
    `select rollout_id as id, state, count(*)::int as count from firmware_offers
     where tenant_id = $1 and rollout_id is not null group by rollout_id, state`,
    [tenantId],
  )
  const counts = new Map<number, RolloutCounts>()
  for (const { id, state, count } of rows) {
    const none = { offered: 0, told: 0, fetched: 0, updated: 0, failed: 0, missing: 0 }
    counts.set(id, { ...(counts.get(id) ?? none), [state]: count })
  }
  return counts
}

/** Pins a device to an image, or with null to what it has. */
export async function putPin(
  client: Queryable,
  tenantId: number,
  deviceId: number,
  imageId: number | null,
): Promise<void> {
  await client.query(
    `insert into firmware_pins (device_id, tenant_id, image_id) values ($1, $2, $3)
     on conflict (device_id) do update set image_id = excluded.image_id`,
    [deviceId, tenantId, imageId],
  )
}

/** Takes the pin away with what it offers. @returns whether there was one */
export async function deletePin(client: Queryable, deviceId: number): Promise<boolean> {
  await client.query('delete from firmware_offers where device_id = $1 and rollout_id is null', [deviceId])
  const { rowCount } = await client.query('delete from firmware_pins where device_id = $1', [deviceId])
  return rowCount === 1
}

export type Pin = { phone: string; version: string | null; state: string | null; seen: string | null }

export async function listPins(client: Queryable, tenantId: number): Promise<Pin[]> {
  const { rows } = await client.query<Pin>(
    `select d.name as phone, i.version, o.state, o.version_seen as seen from firmware_pins p
       join devices d on d.id = p.device_id left join firmware_images i on i.id = p.image_id
       left join firmware_offers o on o.device_id = p.device_id and o.rollout_id is null
     where p.tenant_id = $1 order by d.name`,
    [tenantId],
  )
  return rows
}

/** Of the phones that fetched the image, by rollout: who was not heard of for too long, and who came back. As the owner. */
export async function countBack(owner: Queryable): Promise<Map<number, { missing: number; back: number }>> {
  const { rows } = await owner.query<{ id: number; missing: number; back: number }>(
    `select rollout_id as id, count(*) filter (where state = 'missing')::int as missing,
       count(*) filter (where state in ('updated', 'failed'))::int as back
     from firmware_offers where rollout_id is not null and fetched_at is not null group by rollout_id`,
  )
  return new Map(rows.map(({ id, missing, back }) => [id, { missing, back }]))
}
