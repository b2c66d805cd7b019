import { randomInt } from 'node:crypto'
import type { ClaimedRedirect, RedirectOutcome } from '../db/redirect-queue.ts'
import type { Holding, Placement } from '../redirect/connector.ts'
import { type RedirectFault, type RedirectFailure, retryOf } from '../redirect/fault.ts'
import { digestAddress, showAddress } from './place-redirects.ts'

const DAY_S = 86_400
const FIRST_PAUSE_S = 60
const LONGEST_PAUSE_S = 3_600
/** After so many attempts in a row a day lies between them. */
const MOST_SOON = 10
/** So that phones that were registered together are not looked up together. */
const SPREAD = 0.1

const NOT_SHOWN = 'The service does not tell which address it holds.'

type Row = Pick<ClaimedRedirect, 'id' | 'revision' | 'attempts' | 'sent_sha256'>

/** The service refused a phone. */
export function failedOutcome(row: Row, fault: RedirectFault): RedirectOutcome {
  const pauses = { soon: soonS(row.attempts), daily: spread(DAY_S), never: null }
  return {
    ...base(row),
    ...{ state: 'failed', reason: fault.message, cure: fault.cure, pauseS: pauses[retryOf(fault)] },
  }
}

/** What is held of a phone that was just registered there. */
export function registeredOutcome(row: Row, { address }: Placement, held: Holding | undefined): RedirectOutcome {
  const sent = { ...base(row), sentSha256: digestAddress(address) }
  if (held?.state === 'ours' && (held.address === null || held.address.equals(address)))
    return { ...sent, state: 'confirmed', reason: held.address === null ? NOT_SHOWN : null, pauseS: spread(DAY_S) }
  if (held?.state === 'ours') {
    const shown = held.address === null ? '' : ` ${showAddress(held.address)}`
    return {
      ...{ ...sent, state: 'failed', pauseS: soonS(row.attempts) },
      reason: `The service took the phone and holds another address${shown}.`,
      cure: 'See whether a rule or profile of the account there comes before it.',
    }
  }
  return {
    ...sent,
    state: 'sent',
    reason: 'The service took the phone and does not show it yet.',
    pauseS: soonS(row.attempts),
  }
}

/** What is held of a phone that was registered before. Whatever differs from what was sent is put right again. */
export function checkedOutcome(row: Row & { state: string }, held: Holding | undefined): RedirectOutcome {
  const before = row.sent_sha256
  if (held?.state === 'ours') {
    const same = held.address === null || (before !== null && digestAddress(held.address).equals(before))
    if (same) {
      const reason = held.address === null ? NOT_SHOWN : null
      return { ...base(row), state: 'confirmed', reason, pauseS: spread(DAY_S) }
    }
  }
  const again = { ...base(row), state: 'wanted', pauseS: row.state === 'confirmed' ? 0 : soonS(row.attempts) } as const
  // What was never seen there cannot have been altered.
  return row.state === 'confirmed' ? { ...again, alteredTo: describe(held) } : again
}

/** How long an account is left alone after so many calls in a row that came to nothing. */
export function accountPauseS({ kind, retryAfterS }: RedirectFailure, failures: number): number {
  const grow = (first: number, longest: number) => Math.min(first * 2 ** Math.max(failures - 1, 0), longest)
  switch (kind) {
    case 'unreachable':
    case 'failing':
      return Math.max(grow(30, LONGEST_PAUSE_S), Math.min(retryAfterS ?? 0, DAY_S))
    case 'rate-limited':
      return Math.max(grow(60, LONGEST_PAUSE_S), Math.min(retryAfterS ?? 0, DAY_S))
    case 'login-refused':
    case 'forbidden':
    case 'clock-off':
    case 'unreadable':
      // Somebody has to do something; too many attempts would lock the account there.
      return grow(600, 6 * 3_600)
  }
}

function describe(held: Holding | undefined): string {
  if (held?.state === 'ours') return held.address ? showAddress(held.address) : 'another address'
  return held?.state === 'elsewhere' ? 'another account holds it' : 'nothing'
}

function base({ id, revision }: Row): Omit<RedirectOutcome, 'state' | 'pauseS'> {
  return { id, revision, reason: null, cure: null, sentSha256: null, alteredTo: null }
}

function soonS(attempts: number): number {
  if (attempts > MOST_SOON) return spread(DAY_S)
  return spread(Math.min(FIRST_PAUSE_S * 2 ** Math.max(attempts - 1, 0), LONGEST_PAUSE_S))
}

function spread(seconds: number): number {
  return seconds * (1 - (randomInt(1_000) / 1_000) * SPREAD)
}
