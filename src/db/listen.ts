import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const PAUSE_MS = 1_000
/** How often, and how long, the server is waited for: a cable that is pulled ends no connection by itself. */
const BEAT_MS = 5_000

export type Channel =
  | 'offhook_phones'
  | 'offhook_outbox'
  | 'offhook_mails'
  | 'offhook_imports'
  | 'offhook_webhooks'
  | 'offhook_contacts'
  | 'offhook_resyncs'
  | 'offhook_rollouts'
  | 'offhook_redirects'
  | 'offhook_claims'

export type Listener = { close(): Promise<void> }

/**
 * Hears notifications on a channel for as long as it is open, over a connection of its own that is made again when it
 * breaks. `onConnect` runs after every (re)connect: what was said meanwhile was not heard.
 */
export function listen(
  url: string,
  channel: Channel,
  on: { notification(payload: string): void; connect(): void; lost?(): void },
): Listener {
  const closing = new AbortController()
  const isClosed = () => closing.signal.aborted
  let client: pg.Client | undefined
  const run = async () => {
    while (!isClosed()) {
      const attempt = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5_000 })
      client = attempt
      const ended = new Promise<void>((resolve) => attempt.once('end', resolve).on('error', () => resolve()))
      attempt.on('notification', ({ payload }) => on.notification(payload ?? ''))
      try {
        // Who is ended while it connects is never told (pg's client.js).
        await Promise.race([attempt.connect(), ended])
        await attempt.query(`listen ${channel}`)
        on.connect()
        await Promise.race([ended, falterOf(attempt, closing.signal)])
      } catch {
        // unreachable: the pause below, then the next attempt
      }
      await attempt.end().catch(() => undefined)
      if (!isClosed()) on.lost?.()
      await sleep(PAUSE_MS, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async close() {
      closing.abort()
      await client?.end().catch(() => undefined)
      await running
    },
  }
}

/** Resolves when the server no longer answers. */
async function falterOf(client: pg.Client, closing: AbortSignal): Promise<void> {
  // The driver reads query_timeout of a single query too; its types do not say so.
  const beat = { text: 'select', query_timeout: BEAT_MS }
  try {
    for (;;) {
      await sleep(BEAT_MS, undefined, { signal: closing, ref: false })
      await client.query(beat)
    }
  } catch {
    // ended, closing, or no answer in time: whatever it is, this connection is of no more use
  }
}
