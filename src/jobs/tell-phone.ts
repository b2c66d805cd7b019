import type pg from 'pg'
import type { AmiClient } from '../asterisk/ami/client.ts'
import type { LiveState } from '../asterisk/live-state.ts'
import { resync } from '../asterisk/resync.ts'
import { returnResync, takeResync } from '../db/device-resyncs.ts'
import { inTransaction } from '../db/pool.ts'
import { AppError } from '../model/app-error.ts'

const AGAIN_MS = 5_000

/**
 * Tells the next phone whose turn has come, in its maker's way, through an account of it that is registered.
 * @param pool connections of the owner
 * @returns its name; null when it is nobody's turn
 */
export async function tellPhone(options: {
  pool: pg.Pool
  ami: AmiClient
  live: LiveState
  /** By family. */
  events: ReadonlyMap<string, string>
  limits: { paceMs: number; underWay: number }
}): Promise<string | null> {
  const { pool, ami, live, events, limits } = options
  const next = await inTransaction(pool, null, (client) => takeResync(client, limits))
  if (!next) return null
  const { id, name, family, endpoints, claim } = next
  const event = events.get(family)
  // Asterisk says nothing of who registers on an account that was made since it began (res_pjsip: pjsip_options.c).
  const registered = claim ?? endpoints.find((endpoint) => live.endpoint(endpoint).contacts.length > 0)
  if (event === undefined) await returnResync(pool, id, { state: 'failed', note: `A ${family} phone cannot be told.` })
  else if (registered === undefined) await returnResync(pool, id, { state: 'away', note: 'It is not registered.' })
  else
    await resync(ami, registered, event).catch(async (error: unknown) => {
      if (!(error instanceof AppError)) throw error
      const state = error.code === 'ami-unreachable' ? 'queued' : 'failed'
      await returnResync(pool, id, { state, note: error.message, againInMs: AGAIN_MS })
    })
  return name
}
