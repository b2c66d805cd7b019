import { listDueRedirects } from '../db/redirect-queue.ts'
import type { Log } from '../model/log.ts'
import { startDrainLoop } from './drain-loop.ts'
import { drainRedirects } from './drain-redirects.ts'
import type { RedirectOffice } from './place-redirects.ts'

/** What an import brings in pieces is sent together. */
const GATHER_MS = 1_000
/** Phones whose next attempt or daily look has come are found without anyone saying so. */
const SWEEP_MS = 10_000
/** Accounts that are worked on at once. */
const MOST_ROUNDS = 8

/** Tells makers' services of phones as they come and go, and looks daily whether what they hold is what they were told. */
export function startRedirectWorker(options: { url: string; office: RedirectOffice; log: Pick<Log, 'info' | 'warn'> }) {
  const { url, office, log } = options
  const rounds = new Map<number, Promise<void>>()

  const round = async (account: number, closing: AbortSignal) => {
    try {
      const { altered, failure, ...counts } = await drainRedirects(office, account, closing)
      if (altered.length > 0)
        log.warn(
          { account, phones: altered },
          'a maker’s service was found to send phones somewhere else; it is told again',
        )
      if (failure !== null) log.warn({ account, reason: failure, ...counts }, 'a maker’s service could not be told')
      else log.info({ account, ...counts }, 'a maker’s service is told of phones')
    } catch (error) {
      log.warn({ account, error: (error as Error).message }, 'redirects of an account could not be worked on')
      return
    } finally {
      rounds.delete(account)
    }
    loop.wake()
  }
  const loop = startDrainLoop({
    ...{ url, channel: 'offhook_redirects', gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'redirects', log },
    async drain(closing) {
      const due = await listDueRedirects(office.pool)
      for (const account of due)
        if (!rounds.has(account) && rounds.size < MOST_ROUNDS) rounds.set(account, round(account, closing))
    },
  })
  return {
    wake: loop.wake,
    /** Ends what is under way; it is done again by whoever serves next. */
    async close() {
      await loop.close()
      await Promise.all(rounds.values())
    },
  }
}
