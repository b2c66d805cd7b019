import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { RedirectFailure } from './fault.ts'
import { type Ask, askOnce, type Reply, type Wire } from './wire.ts'

/** A longer wait than this is not waited for in a call: the phones are taken up again later. */
const LONGEST_WAIT_S = 10
const JITTER = 0.2

/** Asks one account: paced, and again after a pause when a service is overloaded or away. */
export type AskPatiently = (make: () => Ask | Promise<Ask>, signal: AbortSignal) => Promise<Reply>

/**
 * Makes the asking of one account. `make` is called for every attempt, for timestamps, nonces and signatures are good
 * for one. Answers below 500 other than 429 are given back as they are.
 * @throws RedirectFailure `unreachable`, `rate-limited`, `failing` when the last attempt came to nothing too
 */
export function askPatiently(wire: Wire): AskPatiently {
  let freeAtMs = 0
  const takeTurn = async (signal: AbortSignal) => {
    const now = performance.now()
    const at = Math.max(now, freeAtMs)
    freeAtMs = at + wire.paceMs
    if (at > now) await sleep(at - now, undefined, { signal })
  }
  return async (make, signal) => {
    for (let attempt = 0; ; attempt++) {
      await takeTurn(signal)
      const outcome = await attemptOnce(wire, await make(), signal)
      if (!(outcome instanceof RedirectFailure)) return outcome
      const pauseMs = wire.pausesMs[attempt]
      const askedS = outcome.retryAfterS ?? 0
      if (pauseMs === undefined || askedS > LONGEST_WAIT_S) throw outcome
      const jittered = pauseMs * (1 + (randomInt(1_000) / 1_000) * JITTER)
      await sleep(Math.max(jittered, askedS * 1_000), undefined, { signal })
    }
  }
}

async function attemptOnce(wire: Wire, ask: Ask, signal: AbortSignal): Promise<Reply | RedirectFailure> {
  const { host } = new URL(ask.url)
  let reply: Reply
  try {
    reply = await askOnce(wire, ask, signal)
  } catch (error) {
    if (error instanceof RedirectFailure) return error
    throw error
  }
  const retryAfterS = readSeconds(reply.headers['retry-after'])
  if (reply.status === 429)
    return new RedirectFailure('rate-limited', `${host} is asked too often (429).`, { retryAfterS })
  if (reply.status >= 500) return new RedirectFailure('failing', `${host} fails (${reply.status}).`, { retryAfterS })
  return reply
}

function readSeconds(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null
}
