import type { Person } from '../model/person.ts'
import type { PersonPlan } from './change.ts'
import { planPeople } from './plan-import.ts'
import { type FreedNumber, revoke } from './renumber.ts'
import type { PlanRun } from './snapshot.ts'

/** Plans that are made at most before nobody may change numbers with anybody. */
export const MOVER_ATTEMPTS = 4

/**
 * Plans everybody among whom numbers change hands, before all others. A row that turns out to be faulty keeps its number,
 * so that whoever counts on it is planned again, without it. `start` opens a run that knows nothing yet.
 * @returns the run that the plans were made in, to go on with
 */
export function planMovers(
  people: readonly Person[],
  freed: ReadonlyMap<string, FreedNumber>,
  start: (freed: ReadonlyMap<string, FreedNumber>) => PlanRun,
): { run: PlanRun; plans: PersonPlan[] } {
  let granted = freed
  for (let attempt = 1; ; attempt++) {
    const run = start(granted)
    const plans = planPeople(people, run)
    const faulty = new Set(plans.flatMap(({ row, verdict }) => (verdict === 'problem' ? [row] : [])))
    const left = revoke(granted, people, faulty)
    if (countGranted(left) === countGranted(granted)) return { run, plans }
    granted = attempt < MOVER_ATTEMPTS - 1 ? left : revokeAll(granted)
  }
}

/** Whose number another row takes, or who takes one. */
export function isMover(person: Person, freed: ReadonlyMap<string, FreedNumber>, givers: ReadonlySet<number>): boolean {
  return givers.has(person.row) || (typeof person.extension === 'string' && freed.has(person.extension))
}

function revokeAll(freed: ReadonlyMap<string, FreedNumber>): Map<string, FreedNumber> {
  return new Map([...freed].map(([number, entry]) => [number, { ...entry, granted: false }]))
}

function countGranted(freed: ReadonlyMap<string, FreedNumber>): number {
  return [...freed.values()].filter(({ granted }) => granted).length
}
