/** How long the parts of an AMI conversation may take, in milliseconds. */
export interface AmiTiming {
  /** From the first SYN to the accepted login. manager.c itself waits one second before it refuses a login. */
  readonly loginWithinMs: number
  /** Quiet time after which a Ping goes out. */
  readonly pingAfterMs: number
  /** Time for the answer to that Ping; both together stay below 15 s, so a half-open connection is gone by then. */
  readonly pongWithinMs: number
  /** Default time for the answer to an action. */
  readonly answerWithinMs: number
  /** Asterisk sends FullyBooted right after login or when it has booted; without it this ends the wait. */
  readonly bootedWithinMs: number
}

export const AMI_TIMING: AmiTiming = {
  loginWithinMs: 10_000,
  pingAfterMs: 5_000,
  pongWithinMs: 7_000,
  answerWithinMs: 10_000,
  bootedWithinMs: 10_000,
}
