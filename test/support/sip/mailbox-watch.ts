import { Changes, PATIENCE_MS } from './waiting.ts'

/** What a message-summary says (RFC 3842). */
export interface MessageSummary {
  readonly waiting: boolean
  readonly newMessages: number
  readonly oldMessages: number
  readonly account: string | undefined
}

/** The message lamp of one line, fed by subscribed and unsolicited NOTIFYs alike. */
export class MailboxWatch {
  /** Undefined until the first NOTIFY. */
  summary: MessageSummary | undefined
  notifies = 0
  readonly #changes = new Changes()

  /** Takes the body of a NOTIFY of `message-summary`. */
  show(body: string): void {
    this.summary = parseMessageSummary(body)
    this.notifies += 1
    this.#changes.notify()
  }

  /** Resolves once so many new messages are announced. */
  waitFor(newMessages: number, timeoutMs: number = PATIENCE_MS): Promise<MessageSummary> {
    const probe = (): MessageSummary | undefined =>
      this.summary?.newMessages === newMessages ? this.summary : undefined
    return this.#changes.until(probe, `${newMessages} new messages`, timeoutMs, () => {
      return `last told of ${this.summary?.newMessages ?? 'nothing'} in ${this.notifies} NOTIFYs`
    })
  }
}

/** @throws Error when the body does not say whether messages wait */
export function parseMessageSummary(body: string): MessageSummary {
  const waiting = /^Messages-Waiting:[ \t]*(yes|no)[ \t]*\r?$/im.exec(body)?.[1]
  if (waiting === undefined) throw new Error(`not a message summary: ${JSON.stringify(body.slice(0, 120))}`)
  const [, fresh = '0', old = '0'] = /^Voice-Message:[ \t]*(\d+)\/(\d+)/im.exec(body) ?? []
  return {
    waiting: waiting.toLowerCase() === 'yes',
    newMessages: Number(fresh),
    oldMessages: Number(old),
    account: /^Message-Account:[ \t]*(\S+)/im.exec(body)?.[1],
  }
}
