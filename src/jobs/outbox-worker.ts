import type pg from 'pg'
import type { AmiClient } from '../asterisk/ami/client.ts'
import { listen } from '../db/listen.ts'
import { drainOutbox } from './drain-outbox.ts'

/** Changes that come close together are told to Asterisk together. */
const GATHER_MS = 150
/** Entries whose next try has come are found without anyone saying so. */
const SWEEP_MS = 5_000

type Log = { info(fields: object, text: string): void; warn(fields: object, text: string): void }

/** Sends the outbox whenever something enters it, Asterisk comes back, or a retry is due. */
export function startOutboxWorker(options: { url: string; pool: pg.Pool; ami: AmiClient; log: Log }) {
  const { url, pool, ami, log } = options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false
  let closed = false

  const drain = async () => {
    do {
      again = false
      if (!ami.ready) return
      const drained = await drainOutbox(pool, ami)
      if (drained.done > 0) log.info(drained, 'outbox sent')
      if (drained.failed > 0) log.warn(drained, 'outbox entries failed, will be tried again')
    } while (again as boolean)
  }
  const wake = () => {
    if (closed) return
    if (running) {
      again = true
      return
    }
    timer ??= setTimeout(() => {
      timer = undefined
      running = drain()
        .catch((error: unknown) => log.warn({ error: (error as Error).message }, 'outbox could not be read'))
        .finally(() => (running = undefined))
    }, GATHER_MS)
  }
  const retryNow = () => {
    // What failed because Asterisk was away need not wait for its pause.
    pool
      .query('update offhook.outbox set next_attempt_at = now() where done_at is null')
      .then(wake, (error: unknown) => log.warn({ error: (error as Error).message }, 'outbox could not be read'))
  }
  ami.on('ready', retryNow)
  const listener = listen(url, 'offhook_outbox', { notification: wake, connect: wake })
  const sweep = setInterval(wake, SWEEP_MS)
  return {
    async close() {
      closed = true
      ami.off('ready', retryNow)
      clearInterval(sweep)
      clearTimeout(timer)
      await listener.close()
      await running
    },
  }
}
