import { registerPeople, type MassReport } from '../test/rivers/register-people.ts'
import type { BenchResult } from './result.ts'

const PEOPLE = 3_000
const WATCHED = 50
const WITHIN_S = 15
const ROUNDS = 3

/**
 * 3,000 people imported into a running Asterisk: how soon all of them are registered, and whether each then has a live
 * state, a lamp and a queue that rings it.
 */
export async function run(): Promise<BenchResult[]> {
  const paced: MassReport[] = []
  const atOnce: MassReport[] = []
  for (let round = 0; round < ROUNDS; round++) {
    paced.push(await registerPeople({ people: PEOPLE, watched: WATCHED, outstanding: 50 }))
    atOnce.push(await registerPeople({ people: PEOPLE, watched: WATCHED, outstanding: PEOPLE }))
  }
  const all = [...paced, ...atOnce]
  return [
    soon('50 registrations at a time', paced),
    soon('all registrations at once', atOnce),
    everybody('live device states', PEOPLE, Math.min(...all.flatMap(({ live }) => [live.ours, live.asterisk]))),
    everybody('lamps on and off with their extension', WATCHED, Math.min(...all.map(({ lamps }) => lamps))),
    everybody('people rung by their queue', PEOPLE, Math.min(...all.map(({ rung }) => rung))),
  ]
}

/** The best round: everything else that runs on the machine only makes one longer. */
function soon(how: string, reports: readonly MassReport[]): BenchResult {
  const ours = Math.min(...reports.map(({ registration }) => registration.durationMs)) / 1000
  const complete = reports.every(({ registration }) => registration.registered === PEOPLE)
  return {
    name: `3,000 people registered after their import, ${how}, against the limit`,
    ...{ ours, peer: WITHIN_S, unit: 's', ratio: ours / WITHIN_S, bar: '<= 1', pass: complete && ours <= WITHIN_S },
  }
}

/** The worst round. */
function everybody(what: string, peer: number, ours: number): BenchResult {
  return { name: `then ${what}`, ours, peer, unit: '', ratio: ours / peer, bar: '>= 1', pass: ours >= peer }
}
