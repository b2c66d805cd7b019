import type pg from 'pg'
import type { Log } from '../model/log.ts'
import { bindClaims, closeClaimPhones } from '../people/claims/bind-claims.ts'
import type { PeopleDesk } from '../people/desk.ts'
import { type DrainLoop, startDrainLoop } from './drain-loop.ts'

const GATHER_MS = 50
const SWEEP_MS = 10_000

/** Gives phones to those whose code and extension were keyed in on them, and takes back the accounts that they dialled by. */
export function startClaimWorker(options: {
  url: string
  /** Connections of the owner. */
  pool: pg.Pool
  desk: PeopleDesk
  log: Pick<Log, 'info' | 'warn'>
  sweepMs?: number
}): DrainLoop {
  const { url, pool, desk, log, sweepMs = SWEEP_MS } = options
  return startDrainLoop({
    ...{ url, channel: 'offhook_claims', gatherMs: GATHER_MS, sweepMs, name: 'phones that were claimed', log },
    async drain() {
      for (const { note, ...claim } of await bindClaims(desk, pool))
        if (note === null) log.info(claim, 'a phone was claimed by dialling')
        else log.warn({ ...claim, note }, 'a phone that was claimed by dialling cannot be given to anybody')
      const closed = await closeClaimPhones(pool)
      if (closed > 0) log.info({ closed }, 'accounts of phones without an owner are taken back')
    },
  })
}
