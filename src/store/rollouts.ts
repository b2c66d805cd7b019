import { writeAudit } from '../db/audit.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import {
  countOffers,
  deleteRollout,
  findRollout,
  forgiveMissing,
  listRolloutRows,
  putRollout,
  type RolloutCounts,
  type RolloutKey,
  type RolloutPlan,
  type RolloutRow,
  type RolloutState,
} from '../db/rollouts.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'
import { expectImage } from './firmware.ts'
import { readWindow, writeWindow } from './rollout-rules.ts'
import { readFamilyName, readModelName, spellModel } from '../phones/find-model.ts'
import type { Shelf } from './shelf.ts'

type Desk = Pick<Shelf, 'pool' | 'families'>

/** A rollout as people see it; `phones`: how many are how far. */
export type Rollout = RolloutKey &
  Pick<RolloutRow, 'id' | 'version' | 'percentage' | 'state' | 'note' | 'visits'> & {
    not_before: Date | null
    /** `22:00-05:00` in the tenant's time zone; null: at any time. */
    window: string | null
    timezone: string
    stop_above: number
    patience_minutes: number
    phones: RolloutCounts
  }

/** Whose firmware; without a model, all models of the family that have no rollout of their own. */
export type RolloutPlace = { family: string; model?: string | undefined }

/** What is not said stays as it is; a new rollout needs a version. Null takes a limit away. */
export type RolloutChanges = {
  version?: string | undefined
  percentage?: number | undefined
  notBefore?: Date | null | undefined
  window?: string | null | undefined
  stopAbove?: number | undefined
  patienceMinutes?: number | undefined
  visits?: number | undefined
  /** False lets it go on, also after it stopped by itself. */
  paused?: boolean | undefined
}

const FRESH: Omit<RolloutPlan, 'imageId'> = {
  ...{ percentage: 100, notBefore: null, windowFrom: null, windowTo: null },
  ...{ stopAbove: 10, patienceMinutes: 30, visits: 3, state: 'running' },
}

/**
 * Begins or changes a rollout. Who answers phones and the worker that paces it hear of it.
 * @throws AppError `input-invalid`, `firmware-unknown`, `rollout-unknown` for a change of none
 */
export function setRollout(
  { pool, families }: Desk,
  tenant: Tenant,
  place: RolloutPlace,
  changes: RolloutChanges,
  actor: string,
): Promise<Rollout> {
  const key = readKey(families, place)
  return inTransaction(pool, tenant.id, async (client) => {
    const current = await findRollout(client, tenant.id, key)
    const version = changes.version ?? current?.version
    if (version === undefined) throw unknown(tenant, spell(families, key))
    const image = await expectImage(client, tenant, { family: key.family, version })
    const fits = image.files.flatMap(({ models }) => (models.length === 0 ? [null] : models))
    if (key.model !== null && !fits.includes(null) && !fits.includes(key.model))
      throw new AppError(
        'input-invalid',
        `${key.family} ${version} has no file for the model ${spell(families, key).model}.`,
      )
    await putRollout(client, tenant.id, key, mergePlan(current, image.id, changes))
    if (current && changes.paused === false) await forgiveMissing(client, current.id)
    await record(client, tenant, actor, 'rollout-set', spell(families, key), { ...changes, version })
    return spell(families, await expectRollout(client, tenant, key))
  })
}

/** All rollouts of the tenant with their progress. */
export async function listRollouts({ pool, families }: Desk, tenant: Tenant): Promise<Rollout[]> {
  const rollouts = await inTransaction(pool, tenant.id, (client) => readRollouts(client, tenant))
  return rollouts.map((rollout) => spell(families, rollout))
}

/** Ends a rollout: phones keep what they have. @throws AppError `rollout-unknown` */
export function removeRollout(
  { pool, families }: Desk,
  tenant: Tenant,
  place: RolloutPlace | { id: number },
  actor: string,
): Promise<void> {
  const key = 'id' in place ? place : readKey(families, place)
  return inTransaction(pool, tenant.id, async (client) => {
    const current = await findRollout(client, tenant.id, key)
    if (!current) throw unknown(tenant, key)
    await deleteRollout(client, current.id)
    await record(client, tenant, actor, 'rollout-remove', spell(families, current), { version: current.version })
  })
}

function readKey(families: Desk['families'], { family: text, model }: RolloutPlace): RolloutKey {
  const family = readFamilyName(families, text)
  return { family: family.name, model: model === undefined ? null : readModelName(family, model).name.toLowerCase() }
}

function spell<Key extends RolloutKey>(families: Desk['families'], key: Key): Key {
  const { family, model } = key
  return { ...key, model: model === null ? null : spellModel(families, family, model) }
}

function mergePlan(current: RolloutRow | null, imageId: number, changes: RolloutChanges): RolloutPlan {
  const { percentage, notBefore, stopAbove, patienceMinutes, visits, paused, window } = changes
  const base = { ...FRESH, ...current }
  const span = typeof window === 'string' ? readWindow(window) : null
  if (typeof window === 'string' && !span)
    throw new AppError('input-invalid', `${quote(window)} is not a window such as 22:00-05:00.`)
  const times = window === undefined ? base : { windowFrom: span?.from ?? null, windowTo: span?.to ?? null }
  const state: RolloutState = paused === undefined ? base.state : paused ? 'paused' : 'running'
  const plan: RolloutPlan = {
    imageId,
    percentage: readNumber('The percentage', percentage ?? base.percentage, 0, 100),
    notBefore: notBefore === undefined ? base.notBefore : notBefore,
    ...{ windowFrom: times.windowFrom, windowTo: times.windowTo },
    stopAbove: readNumber('The share of phones that may stay away', stopAbove ?? base.stopAbove, 0, 100),
    patienceMinutes: readNumber('The minutes of patience', patienceMinutes ?? base.patienceMinutes, 1, 1440),
    visits: readNumber('The number of visits', visits ?? base.visits, 1, 100),
    state,
  }
  if (!Number.isInteger(plan.visits) || !Number.isInteger(plan.patienceMinutes))
    throw new AppError('input-invalid', 'Minutes and visits are whole numbers.')
  // Another version has not stopped yet.
  return current?.state === 'stopped' && current.imageId !== imageId && paused === undefined
    ? { ...plan, state: 'running' as const }
    : plan
}

function readNumber(what: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return Math.round(value * 100) / 100
  throw new AppError('input-invalid', `${what} is a number from ${least} to ${most}.`)
}

async function readRollouts(client: Queryable, tenant: Tenant): Promise<Rollout[]> {
  const counts = await countOffers(client, tenant.id)
  const none = { offered: 0, told: 0, fetched: 0, updated: 0, failed: 0, missing: 0 }
  return (await listRolloutRows(client, tenant.id)).map((row) => ({
    id: row.id,
    ...{ family: row.family, model: row.model, version: row.version, percentage: row.percentage, state: row.state },
    ...{ note: row.note, not_before: row.notBefore, window: writeWindow(row.windowFrom, row.windowTo) },
    ...{ timezone: row.timezone, stop_above: row.stopAbove, patience_minutes: row.patienceMinutes, visits: row.visits },
    phones: counts.get(row.id) ?? none,
  }))
}

async function expectRollout(client: Queryable, tenant: Tenant, key: RolloutKey): Promise<Rollout> {
  const all = await readRollouts(client, tenant)
  return all.find(({ family, model }) => family === key.family && model === key.model)!
}

function unknown(tenant: Tenant, key: RolloutKey | { id: number }): AppError {
  if ('id' in key) return new AppError('rollout-unknown', `${tenant.slug} has no rollout with the number ${key.id}.`)
  const { family, model } = key
  const whose = [family, model].filter(Boolean).join(' ')
  return new AppError(
    'rollout-unknown',
    `${tenant.slug} rolls out no firmware for ${whose}. Begin one: offhook firmware rollout ${whose} --version VERSION`,
  )
}

async function record(
  client: Queryable,
  tenant: Tenant,
  actor: string,
  action: string,
  { family, model }: RolloutKey,
  detail: Record<string, unknown>,
): Promise<void> {
  await writeAudit(client, { tenantId: tenant.id, actor, action, object: family, detail: { model, ...detail } })
}
