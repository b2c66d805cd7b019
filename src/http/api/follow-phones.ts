import type { Response } from 'express'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FollowedContact } from '../../people/phones/follow-phones.ts'

const LOOK_EVERY_MS = 1_000
const HEARTBEAT_MS = 15_000
/** A browser connects again by itself; so nobody looks for longer than somebody listens. */
const MOST_MS = 10 * 60_000

/** Writes a server-sent event `contact` for each contact of a phone as it happens, until the listener is gone. */
export async function followPhones(response: Response, read: () => Promise<FollowedContact[]>): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const endsAtMs = performance.now() + MOST_MS
  let saidAtMs = performance.now()
  response.flushHeaders()
  response.write(': phones are followed\n\n')
  while (!gone.signal.aborted && performance.now() < endsAtMs) {
    const contacts = await read()
    const text = contacts.map((contact) => `event: contact\ndata: ${JSON.stringify(contact)}\n\n`).join('')
    const isLate = performance.now() - saidAtMs > HEARTBEAT_MS
    if (text !== '' || isLate) {
      saidAtMs = performance.now()
      // A listener that does not read is waited for: what it misses is not piled up here.
      if (!response.write(text || ': still here\n\n'))
        await once(response, 'drain', { signal: gone.signal }).catch(() => undefined)
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: gone.signal }).catch(() => undefined)
  }
  response.end()
}
