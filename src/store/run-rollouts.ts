import type pg from 'pg'
import { writeAudit } from '../db/audit.ts'
import {
  activateOffers,
  deleteOffers,
  hasRollouts,
  listCandidates,
  lockRollouts,
  noteProgress,
  type OfferProgress,
  putOffers,
  readProgress,
} from '../db/firmware-offers.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import { countBack, listRolloutRows, type RolloutRow, stopRollout } from '../db/rollouts.ts'
import { queueEvents } from '../db/webhook-events.ts'
import { decideOffers } from './decide-offers.ts'
import type { Family } from '../phones/family.ts'
import { isTooManyMissing, judgeOffer } from './rollout-rules.ts'
import { spellModel } from '../phones/find-model.ts'

/** For who pinned phones: they are waited for as a rollout does unless it says otherwise. */
const PIN_RULES = { visits: 3, patienceMinutes: 30 }

export type StoppedRollout = { tenant: string; family: string; model: string | null; version: string; note: string }

/** How many phones are offered something new, were offered it again or no more, and which rollouts stopped by themselves. */
export type RolloutRound = { offered: number; resumed: number; rested: number; stopped: StoppedRollout[] }

/**
 * One look at all rollouts: reads how far phones are, stops rollouts whose phones do not come back, and offers each phone
 * what it shall have now. Its configuration says the rest. Null: there is none, or another process is at it.
 * @param pool connections of the owner
 */
export function runRollouts(pool: pg.Pool, families: readonly Family[], now: Date): Promise<RolloutRound | null> {
  return inTransaction(pool, null, async (client) => {
    if (!(await lockRollouts(client)) || !(await hasRollouts(client))) return null
    await takeProgress(client, await listRolloutRows(client, null), now)
    const stopped = await stopBad(client, families, await listRolloutRows(client, null))
    const rollouts = await listRolloutRows(client, null)
    const { put, activate, rest, remove } = decideOffers(await listCandidates(client), rollouts, now)
    await deleteOffers(client, remove)
    await putOffers(client, put)
    await activateOffers(client, activate, true)
    await activateOffers(client, rest, false)
    // Who is offered what it has already is there at once.
    if (put.length > 0) await takeProgress(client, rollouts, now)
    return { offered: put.length, resumed: activate.length, rested: rest.length + remove.length, stopped }
  })
}

async function takeProgress(client: Queryable, rollouts: readonly RolloutRow[], now: Date): Promise<void> {
  const rules = new Map(rollouts.map((row) => [row.id, row]))
  const progress = (await readProgress(client)).map((each): OfferProgress => {
    const rule = (each.rolloutId === null ? undefined : rules.get(each.rolloutId)) ?? PIN_RULES
    return { ...each, state: judgeOffer(each, each.version, rule, now) }
  })
  await noteProgress(client, progress)
}

async function stopBad(
  client: Queryable,
  families: readonly Family[],
  rollouts: readonly RolloutRow[],
): Promise<StoppedRollout[]> {
  const counts = await countBack(client)
  const stopped: StoppedRollout[] = []
  for (const { id, tenantId, tenantSlug, family, model: stored, version, state, stopAbove } of rollouts) {
    const count = counts.get(id)
    if (state !== 'running' || !count || !isTooManyMissing(count, stopAbove)) continue
    const { missing, back } = count
    const model = stored === null ? null : spellModel(families, family, stored)
    const note = `${missing} of ${missing + back} phones that fetched ${version} did not come back`
    await stopRollout(client, id, note)
    const detail = { model, version, missing, back }
    await writeAudit(client, { tenantId, actor: 'rollout', action: 'rollout-stop', object: family, detail })
    const rollout = { id, family, model, version, missing, back, note }
    await queueEvents(client, tenantId, [{ type: 'rollout.stopped', data: { tenant: tenantSlug, rollout } }])
    stopped.push({ tenant: tenantSlug, family, model, version, note })
  }
  return stopped
}
