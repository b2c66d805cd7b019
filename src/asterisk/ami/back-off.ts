/** Asterisk answers again 0.2–0.3 s after `core restart now`, so the first attempt comes early. */
const FIRST_MS = 200
const LONGEST_MS = 5_000

/** A wrong secret does not mend itself: try rarely, so that neither logs nor an intrusion blocker fill up. */
const FIRST_REFUSED_MS = 30_000
const LONGEST_REFUSED_MS = 600_000

/**
 * Milliseconds to wait before attempt number `attempt` (from 0), half of it at random so that several Offhook
 * processes do not return at the same instant.
 * @param random a number from 0 up to 1
 */
export function backOffMs(attempt: number, refused: boolean, random: number): number {
  const first = refused ? FIRST_REFUSED_MS : FIRST_MS
  const longest = refused ? LONGEST_REFUSED_MS : LONGEST_MS
  const full = Math.min(longest, first * 2 ** Math.min(attempt, 20))
  return Math.round(full * (0.5 + random / 2))
}
