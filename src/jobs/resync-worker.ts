import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { AmiClient } from '../asterisk/ami/client.ts'
import type { LiveState } from '../asterisk/live-state.ts'
import type { Boot } from '../boot/open-boot.ts'
import { compareAgain, noteReturns, stopResyncs } from '../db/device-resyncs.ts'
import type { Log } from '../model/log.ts'
import { compareDevices } from './compare-devices.ts'
import { type DrainLoop, startDrainLoop } from './drain-loop.ts'
import { tellPhone } from './tell-phone.ts'

export const RESYNC_LIMITS = {
  /** Changes that come close together are one. */
  settleMs: 2_000,
  /** 10 phones a second: each fetches some files, and some reboot. */
  paceMs: 100,
  /** Phones of a tenant that were told and are not back yet; with more, nobody else is told. */
  underWay: 100,
  /** A phone that reboots is back after one to three minutes. */
  patienceMs: 300_000,
  /** When most of so many phones told last did not come back, the rest is left alone. */
  judged: 20,
  sweepMs: 5_000,
}
const GATHER_MS = 250
const WATCH_MS = 1_000

/**
 * Compares what phones last got with what they would get after a change, and tells those where it differs to fetch again:
 * paced, and no further when they do not come back.
 * @param pool connections of the owner
 */
export function startResyncWorker(options: {
  url: string
  pool: pg.Pool
  ami: AmiClient
  live: LiveState
  boot: Pick<Boot, 'tagsOf'>
  /** Event header of the NOTIFY by family; see boot/resync-events.ts. */
  events: ReadonlyMap<string, string>
  log: Pick<Log, 'info' | 'warn'>
  limits?: Partial<typeof RESYNC_LIMITS>
}): DrainLoop {
  const { url, pool, ami, live, boot, events, log } = options
  const limits = { ...RESYNC_LIMITS, ...options.limits }
  const changed = new Set<string>()

  const watch = async () => {
    const back = [...changed].filter((endpoint) => live.endpoint(endpoint).contacts.length > 0)
    changed.clear()
    if (back.length > 0) await compareAgain(pool, back)
    await noteReturns(pool, limits.patienceMs)
    for (const stopped of await stopResyncs(pool, { last: limits.judged }))
      log.warn(stopped, 'phones that were told to fetch again do not come back; the others are not told')
  }
  const loop = startDrainLoop({
    ...{ url, channel: 'offhook_resyncs', gatherMs: GATHER_MS, sweepMs: limits.sweepMs },
    ...{ name: 'phones to be told', log },
    async drain(closing) {
      let watchedAtMs = -Infinity
      let told = 0
      while (!closing.aborted) {
        const { compared, queued } = await compareDevices(pool, boot, events, limits.settleMs)
        if (queued > 0) log.info({ compared, queued }, 'phones have other files now and will be told')
        if (performance.now() - watchedAtMs > WATCH_MS) {
          await watch()
          watchedAtMs = performance.now()
        }
        const name = ami.ready && live.current ? await tellPhone({ pool, ami, live, events, limits }) : null
        if (name !== null) told++
        if (name !== null || compared > 0) await sleep(name === null ? 0 : limits.paceMs)
        else break
      }
      if (told > 0) log.info({ told }, 'phones are told to fetch again')
    },
  })
  const unfollow = live.onChange((endpoint) => void changed.add(endpoint))
  return {
    wake: loop.wake,
    async close() {
      unfollow()
      await loop.close()
    },
  }
}
