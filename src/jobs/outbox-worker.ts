import type pg from 'pg'
import type { AmiClient } from '../asterisk/ami/client.ts'
import type { Log } from '../model/log.ts'
import { startDrainLoop } from './drain-loop.ts'
import { drainOutbox } from './drain-outbox.ts'

/** Changes that come close together are told to Asterisk together. */
const GATHER_MS = 150
/** Entries whose next try has come are found without anyone saying so. */
const SWEEP_MS = 5_000

/** Sends the outbox whenever something enters it, Asterisk comes back, or a retry is due. */
export function startOutboxWorker(options: {
  url: string
  pool: pg.Pool
  ami: AmiClient
  log: Pick<Log, 'info' | 'warn'>
}) {
  const { url, pool, ami, log } = options
  const loop = startDrainLoop({
    ...{ url, channel: 'offhook_outbox', gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'outbox', log },
    async drain() {
      if (!ami.ready) return
      const drained = await drainOutbox(pool, ami)
      if (drained.done > 0) log.info(drained, 'outbox sent')
      if (drained.failed > 0) log.warn(drained, 'outbox entries failed, will be tried again')
    },
  })
  const retryNow = () => {
    // What failed because Asterisk was away need not wait for its pause.
    pool
      .query('update offhook.outbox set next_attempt_at = now() where done_at is null')
      .then(loop.wake, (error: unknown) => log.warn({ error: (error as Error).message }, 'outbox could not be read'))
  }
  ami.on('ready', retryNow)
  return {
    async close() {
      ami.off('ready', retryNow)
      await loop.close()
    },
  }
}
