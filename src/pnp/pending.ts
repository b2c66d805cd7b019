import type { Endpoint } from './replies.ts'
import type { PnpLimits } from './limits.ts'

type Send = (packet: Buffer, to: Endpoint) => void
type Waiting = { key: string; ok: Buffer; timer: NodeJS.Timeout | undefined }

/** NOTIFYs on their way: each is sent again until the phone answers or the sends are used up. */
export class Pending {
  readonly #limits: PnpLimits
  readonly #send: Send
  readonly #byBranch = new Map<string, Waiting>()
  readonly #byKey = new Map<string, Waiting>()

  constructor(limits: PnpLimits, send: Send) {
    this.#limits = limits
    this.#send = send
  }

  get size(): number {
    return this.#byBranch.size
  }

  get hasRoom(): boolean {
    return this.#byBranch.size < this.#limits.pending
  }

  /** The 200 of a question that came before; asking again must not open a second dialog (RFC 3261 §17.2.2). */
  findOk(key: string): Buffer | undefined {
    return this.#byKey.get(key)?.ok
  }

  begin(question: { key: string; ok: Buffer }, notify: { branch: string; packet: Buffer; to: Endpoint }): void {
    const { branch, packet, to } = notify
    const { sends, firstWaitMs } = this.#limits
    let sent = 0
    const waiting: Waiting = { ...question, timer: undefined }
    const sendNext = (): void => {
      if (sent === sends) {
        this.end(branch)
        return
      }
      this.#send(packet, to)
      waiting.timer = setTimeout(sendNext, firstWaitMs * 2 ** sent++)
    }
    this.#byBranch.set(branch, waiting)
    this.#byKey.set(question.key, waiting)
    sendNext()
  }

  /** The phone has answered; false: nothing of that branch is on its way. */
  end(branch: string): boolean {
    const waiting = this.#byBranch.get(branch)
    if (!waiting) return false
    clearTimeout(waiting.timer)
    this.#byBranch.delete(branch)
    this.#byKey.delete(waiting.key)
    return true
  }

  endAll(): void {
    for (const branch of [...this.#byBranch.keys()]) this.end(branch)
  }
}
