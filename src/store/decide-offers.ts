import type { Candidate, Offer } from '../db/firmware-offers.ts'
import type { RolloutRow } from '../db/rollouts.ts'
import { isDue, isInShare } from './rollout-rules.ts'

/** What is to change so that every phone is offered what it shall have. */
export type Decisions = { put: Offer[]; activate: number[]; rest: number[]; remove: number[] }

/**
 * Compares what phones are offered with what pins and rollouts want at that moment. A pin goes before a rollout, one of
 * the model before one of the whole family. A phone that says that it is another model than the inventory says is left
 * alone: the wrong image may be its end. Who has the new version keeps it in its configuration when the rollout pauses.
 */
export function decideOffers(candidates: readonly Candidate[], rollouts: readonly RolloutRow[], now: Date): Decisions {
  const byPlace = new Map(rollouts.map((row) => [placeOf(row.tenantId, row.family, row.model), row]))
  const decisions: Decisions = { put: [], activate: [], rest: [], remove: [] }
  for (const candidate of candidates) {
    const { id, tenantId, family, model, offer } = candidate
    const rollout = byPlace.get(placeOf(tenantId, family, model)) ?? byPlace.get(placeOf(tenantId, family, null))
    const wanted = candidate.pinned ? readPin(candidate) : rollout ? readShare(candidate, rollout, now) : null
    const isSame = offer && wanted && offer.imageId === wanted.imageId && offer.rolloutId === wanted.rolloutId
    if (!wanted) {
      if (offer) decisions.remove.push(id)
    } else if (!isSame) decisions.put.push({ deviceId: id, tenantId, ...wanted })
    else if (offer.active !== (wanted.active || offer.state === 'updated'))
      (offer.active ? decisions.rest : decisions.activate).push(id)
  }
  return decisions
}

type Wanted = Omit<Offer, 'deviceId' | 'tenantId'>

function readPin({ pinnedImage }: Candidate): Wanted | null {
  return pinnedImage === null ? null : { imageId: pinnedImage, rolloutId: null, active: true }
}

function readShare({ id, model, saidModel, offer }: Candidate, rollout: RolloutRow, now: Date): Wanted | null {
  const { fits, percentage, state, timezone, imageId } = rollout
  if (!fits.includes('') && !fits.includes(model)) return null
  if (saidModel !== null && saidModel !== model) return null
  const isThere = offer?.state === 'updated' && offer.imageId === imageId
  if (!isInShare(id, percentage) && !isThere) return null
  return { imageId, rolloutId: rollout.id, active: state === 'running' && isDue(rollout, now, timezone) }
}

function placeOf(tenantId: number, family: string, model: string | null): string {
  return `${tenantId}/${family}/${model ?? ''}`
}
