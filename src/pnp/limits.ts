/** Bounds of the responder: what one source and all of them can make it do and remember. */
export type PnpLimits = {
  /** Questions of one source that are answered at once; a phone asks once a start, and again when it hears nothing. */
  burst: number
  /** One more after each of these. */
  refillMs: number
  /** Sources whose rate is known; the one that has been quiet for the longest is forgotten for a new one. */
  sources: number
  /** NOTIFYs that wait for the phone's answer. */
  pending: number
  /** Sends of one NOTIFY that is not answered, the wait between them doubling from `firstWaitMs` (RFC 3261 §17.1.2.2). */
  sends: number
  firstWaitMs: number
  /** Unknown phones that are remembered, so that each is told of once. */
  strangers: number
  /** After this an unknown phone is told of again. */
  strangerPauseMs: number
}

export const DEFAULT_LIMITS: Readonly<PnpLimits> = {
  burst: 8,
  refillMs: 1000,
  sources: 4096,
  pending: 1024,
  sends: 4,
  firstWaitMs: 500,
  strangers: 1000,
  strangerPauseMs: 10 * 60_000,
}
