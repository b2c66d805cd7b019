import type pg from 'pg'
import type { Log } from '../model/log.ts'
import { runRollouts } from '../store/run-rollouts.ts'
import type { Shelf } from '../store/shelf.ts'
import { type DrainLoop, startDrainLoop } from './drain-loop.ts'

const GATHER_MS = 500
/** How late a phone may be seen to be updated, and a window to open. */
const SWEEP_MS = 15_000

/**
 * Offers phones the firmware that pins and rollouts want for them, as far as it is time, and follows how far they are. Who
 * is offered something gets it with the next configuration; the resync worker tells those that fetched one before.
 * @param pool connections of the owner
 */
export function startRolloutWorker(options: {
  url: string
  pool: pg.Pool
  families: Shelf['families']
  log: Pick<Log, 'info' | 'warn'>
  sweepMs?: number
}): DrainLoop {
  const { url, pool, families, log, sweepMs = SWEEP_MS } = options
  return startDrainLoop({
    ...{ url, channel: 'offhook_rollouts', gatherMs: GATHER_MS, sweepMs, name: 'rollouts of firmware', log },
    async drain() {
      const round = await runRollouts(pool, families, new Date())
      if (!round) return
      for (const stopped of round.stopped) log.warn(stopped, 'a rollout of firmware stopped: phones do not come back')
      const { offered, resumed, rested } = round
      if (offered + resumed + rested > 0) log.info({ offered, resumed, rested }, 'phones are to have other firmware')
    },
  })
}
