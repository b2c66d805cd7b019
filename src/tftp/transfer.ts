import type { Content } from './content.ts'
import type { TftpLimits } from './limits.ts'
import type { Agreement } from './options.ts'
import { encodeData, encodeOptionAck } from './packets.ts'
import { RoundTrip } from './round-trip.ts'

/** Block 0 stands for the OACK, which is acknowledged as such (RFC 2347). */
const BEFORE_OPTION_ACK = -1

/**
 * One file on its way to one client: lock-step (RFC 1350) or in windows (RFC 7440). It knows no socket and no clock: packets
 * leave by `send`, time comes in with every call, in milliseconds of any monotonic clock.
 */
export class Transfer {
  readonly #content: Content
  readonly #agreement: Agreement
  readonly #limits: TftpLimits
  readonly #send: (packet: Buffer) => void
  readonly #roundTrip: RoundTrip
  readonly #lastBlock: number
  #acked: number
  #sentTo: number
  #attempt = 0
  #proven = false
  /** This window was already sent again: the remaining duplicate ACKs come from the same loss. */
  #resent = false
  #sentAtMs = 0
  readonly #beganAtMs: number
  #heardAtMs: number
  #resendAtMs = Infinity
  /** The next window is not in memory yet. */
  #isWaiting = false
  retransmits = 0

  constructor(
    file: { content: Content; agreement: Agreement },
    limits: TftpLimits,
    nowMs: number,
    send: (packet: Buffer) => void,
  ) {
    this.#content = file.content
    this.#agreement = file.agreement
    this.#limits = limits
    this.#send = send
    const maxMs = file.agreement.timeoutMs ?? limits.maxRetransmitMs
    this.#roundTrip = new RoundTrip({ firstMs: limits.firstRetransmitMs, minMs: limits.minRetransmitMs, maxMs })
    // A file that fills its last block is closed by an empty one (RFC 1350 §6).
    this.#lastBlock = Math.floor(file.content.length / file.agreement.blockBytes) + 1
    this.#acked = file.agreement.accepted.length > 0 ? BEFORE_OPTION_ACK : 0
    this.#sentTo = this.#acked
    this.#beganAtMs = nowMs
    this.#heardAtMs = nowMs
    this.#sendWindow(nowMs)
  }

  /** Whether the client has answered at all. */
  get proven(): boolean {
    return this.#proven
  }

  /** Takes an ACK and says whether it moved the transfer on, or was the last one. */
  receiveAck(block: number, nowMs: number): 'ignored' | 'advanced' | 'complete' {
    const ahead = (block - this.#acked) & 0xffff
    if (ahead > this.#sentTo - this.#acked) return 'ignored'
    if (ahead === 0) {
      if (this.#proven) this.#receiveDuplicate(nowMs)
      return 'ignored'
    }
    this.#proven = true
    this.#heardAtMs = nowMs
    this.#acked += ahead
    const gap = this.#acked < this.#sentTo
    if (!gap && this.#attempt === 1 && !this.#resent) this.#roundTrip.measure(nowMs - this.#sentAtMs)
    if (this.#acked === this.#lastBlock) return 'complete'
    this.#attempt = 0
    this.#resent = gap
    if (gap) this.retransmits++
    this.#sendWindow(nowMs)
    return 'advanced'
  }

  /** A client that has not answered yet asks again: once our sends are used up it has seen none of them and gets as many again. */
  receiveSameRequest(nowMs: number): void {
    if (this.#proven || this.#resendAtMs !== Infinity) return
    this.#heardAtMs = nowMs
    this.#attempt = 0
    this.#resend(nowMs)
  }

  /** What was on its way from the disk is there. */
  resume(nowMs: number): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#heardAtMs = nowMs
    this.#sendWindow(nowMs)
  }

  /** Whether an answer is overdue. */
  isOverdue(nowMs: number): boolean {
    return nowMs >= this.#resendAtMs
  }

  /** Sends again what is due; false once the client has been silent, or the transfer alive, for too long. */
  tick(nowMs: number): boolean {
    const { silenceMs, firstSilenceMs, lifetimeMs } = this.#limits
    if (nowMs - this.#beganAtMs > lifetimeMs) return false
    if (nowMs - this.#heardAtMs > (this.#proven ? silenceMs : firstSilenceMs)) return false
    if (this.isOverdue(nowMs)) this.#resend(nowMs)
    return true
  }

  /**
   * A duplicate ACK proves life, so silence is counted anew. In lock-step it must not cause a send (RFC 1123 §4.2.3.1, the
   * sorcerer's apprentice) unless we had given up sending; in a window it says that the first block of the window was lost.
   */
  #receiveDuplicate(nowMs: number): void {
    this.#heardAtMs = nowMs
    const exhausted = this.#resendAtMs === Infinity
    const lostInWindow = this.#agreement.windowBlocks > 1 && !this.#resent
    this.#attempt = Math.min(this.#attempt, 1)
    if (exhausted || lostInWindow) this.#resend(nowMs)
  }

  #resend(nowMs: number): void {
    this.retransmits++
    this.#resent = true
    this.#sendWindow(nowMs)
  }

  #sendWindow(nowMs: number): void {
    if (this.#acked === BEFORE_OPTION_ACK) {
      this.#noteSend(nowMs)
      this.#sentTo = 0
      this.#send(encodeOptionAck(this.#agreement.accepted))
      return
    }
    const { blockBytes, windowBlocks } = this.#agreement
    const beginsAt = this.#acked * blockBytes
    const sentTo = Math.min(this.#lastBlock, this.#acked + windowBlocks)
    const window = this.#content.slice(beginsAt, Math.min(this.#content.length, sentTo * blockBytes))
    if (window === null) {
      this.#isWaiting = true
      this.#resendAtMs = Infinity
      return
    }
    this.#noteSend(nowMs)
    this.#sentTo = sentTo
    for (let block = this.#acked + 1; block <= sentTo; block++) {
      const from = (block - 1) * blockBytes - beginsAt
      this.#send(encodeData(block, window, from, Math.min(window.length, from + blockBytes)))
    }
  }

  #noteSend(nowMs: number): void {
    this.#attempt++
    this.#sentAtMs = nowMs
    const mayWait = this.#attempt < (this.#proven ? this.#limits.sends : this.#limits.firstSends)
    this.#resendAtMs = mayWait ? nowMs + this.#roundTrip.waitMs(this.#attempt) : Infinity
  }
}
