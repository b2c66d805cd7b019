import { performance } from 'node:perf_hooks'
import { AppError } from '../../model/app-error.ts'
import type { AmiMessage } from './message.ts'

/** What an action waits for: one response, or a response and the items of its list. */
export interface Expectation {
  readonly action: string
  readonly list: boolean
  readonly timeoutMs: number
}

interface PendingAction extends Expectation {
  readonly items: AmiMessage[]
  readonly deadlineMs: number
  readonly timer: NodeJS.Timeout
  readonly resolve: (messages: AmiMessage[]) => void
  readonly reject: (error: AppError) => void
}

/** res_pjsip and others answer an empty list with an error: "No Contacts found", "No endpoints found". */
const EMPTY_LIST = /^No \w+ found/i

/** Ten times the largest site in sight; a peer that lists more is not listing phones. */
const MAX_ITEMS = 500_000

/** The actions that were sent on one connection and are not answered yet. */
export class PendingActions {
  readonly #pending = new Map<string, PendingAction>()

  /** Resolves with the response, or for a list with its items. Rejects with AppError when refused, late or cut off. */
  add(id: string, expectation: Expectation): Promise<AmiMessage[]> {
    return new Promise((resolve, reject) => {
      const { action, timeoutMs } = expectation
      const expire = () => {
        this.#pending.delete(id)
        reject(new AppError('ami-unreachable', `Asterisk did not answer ${action} within ${timeoutMs} ms`))
      }
      const timer = setTimeout(expire, timeoutMs)
      const deadlineMs = performance.now() + timeoutMs
      this.#pending.set(id, { ...expectation, items: [], deadlineMs, timer, resolve, reject })
    })
  }

  /** Gives a message with one of our ActionIDs to the action that waits for it; a late one is dropped. */
  settle(id: string, message: AmiMessage): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    if (message.get('response') === 'Error') this.#refuse(id, pending, message.get('message') ?? 'no reason given')
    else if (!pending.list) this.#finish(id, pending, [message])
    else if (message.get('eventlist')?.toLowerCase() === 'complete') this.#finish(id, pending, pending.items)
    else if (message.get('event') !== undefined) this.#collect(id, pending, message)
  }

  /** Time (of `performance.now()`) until which an action may keep Asterisk's session thread busy and silent. */
  busyUntilMs(patienceMs: number): number {
    const slow = [...this.#pending.values()].filter((pending) => pending.timeoutMs > patienceMs)
    return Math.max(0, ...slow.map((pending) => pending.deadlineMs))
  }

  /** Rejects everything that waits, because the connection is gone. */
  rejectAll(error: AppError): void {
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer)
      pending.reject(error)
    }
    this.#pending.clear()
  }

  #collect(id: string, pending: PendingAction, item: AmiMessage): void {
    if (pending.items.length < MAX_ITEMS) pending.items.push(item)
    else this.#refuse(id, pending, `more than ${MAX_ITEMS} list items`)
  }

  #finish(id: string, pending: PendingAction, messages: AmiMessage[]): void {
    this.#pending.delete(id)
    clearTimeout(pending.timer)
    pending.resolve(messages)
  }

  #refuse(id: string, pending: PendingAction, reason: string): void {
    if (pending.list && EMPTY_LIST.test(reason)) {
      this.#finish(id, pending, [])
      return
    }
    this.#pending.delete(id)
    clearTimeout(pending.timer)
    pending.reject(new AppError('ami-action-failed', `Asterisk refused ${pending.action}: ${reason}`))
  }
}
