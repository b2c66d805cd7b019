/** Bounds of one TFTP server. Every silence of a client ends in bounded time and bounded packets. */
export type TftpLimits = {
  /** Transfers at once; beyond them a request is met with silence, and the phone asks again. */
  transfers: number
  transfersPerSource: number
  /** Largest block: fits an Ethernet frame with IPv4 and UDP headers, so that nothing is fragmented. */
  blockBytes: number
  windowBlocks: number
  /** Sends of the first packet before any answer: what a forged source address can provoke (reflection). */
  firstSends: number
  /** Sends of any later packet that meets with silence. */
  sends: number
  /** Wait before the second send as long as no round trip has been measured. */
  firstRetransmitMs: number
  minRetransmitMs: number
  /** Ceiling of the back-off when the client named no timeout. */
  maxRetransmitMs: number
  /** A client that never answered the first packet is forgotten after this. */
  firstSilenceMs: number
  /** A client in the middle of a file may be silent this long: longer than the 5 s after which tftp-hpa asks again. */
  silenceMs: number
  /** No transfer lives longer, however slowly its client goes on. */
  lifetimeMs: number
  /** How long a finished request is remembered to recognise its late duplicates. */
  rememberMs: number
  /** Resolution of every wait. */
  tickMs: number
  /** What transfers get to finish in when the server closes. */
  closeGraceMs: number
}

export const DEFAULT_LIMITS: Readonly<TftpLimits> = {
  transfers: 4096,
  transfersPerSource: 2048,
  blockBytes: 1468,
  windowBlocks: 32,
  firstSends: 2,
  sends: 5,
  firstRetransmitMs: 400,
  minRetransmitMs: 100,
  maxRetransmitMs: 2000,
  firstSilenceMs: 4000,
  silenceMs: 11_000,
  lifetimeMs: 20 * 60_000,
  rememberMs: 2000,
  tickMs: 10,
  closeGraceMs: 2000,
}
