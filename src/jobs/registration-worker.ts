import type pg from 'pg'
import type { LiveState } from '../asterisk/live-state.ts'
import { type AccountState, listRegistered, noteAccountStates } from '../db/account-states.ts'
import type { Log } from '../model/log.ts'

const PAUSE_MS = 1_000
const BATCH = 1_000

/**
 * Writes down which accounts are registered and can be called, and since when, as Asterisk tells it. After a time without
 * Asterisk those are found that went meanwhile.
 * @param pool connections of the owner
 */
export function startRegistrationWorker(options: {
  pool: pg.Pool
  live: LiveState
  log: Pick<Log, 'warn'>
  pauseMs?: number
}): { close(): Promise<void> } {
  const { pool, live, log, pauseMs = PAUSE_MS } = options
  const changed = new Set<string>()
  let isWhole = false
  let running: Promise<void> | undefined

  const describe = (endpoint: string): AccountState => {
    const { contacts } = live.endpoint(endpoint)
    const reachable = contacts.some(({ status }) => status !== 'unreachable')
    return { endpoint, registered: contacts.length > 0, reachable }
  }
  const write = async () => {
    if (!live.current) {
      isWhole = false
      return
    }
    if (!isWhole) for (const endpoint of await listRegistered(pool)) changed.add(endpoint)
    isWhole = true
    const batch = [...changed].slice(0, BATCH)
    if (batch.length === 0) return
    for (const endpoint of batch) changed.delete(endpoint)
    try {
      await noteAccountStates(pool, batch.map(describe))
    } catch (error) {
      for (const endpoint of batch) changed.add(endpoint)
      throw error
    }
  }
  const unfollow = live.onChange((endpoint) => void changed.add(endpoint))
  const timer = setInterval(() => {
    running ??= write()
      .catch((error: unknown) => log.warn({ error: (error as Error).message }, 'registrations could not be noted'))
      .finally(() => (running = undefined))
  }, pauseMs)
  return {
    async close() {
      unfollow()
      clearInterval(timer)
      await running
    },
  }
}
