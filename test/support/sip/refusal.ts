import type { SipResponse } from './message.ts'

/** A request that was answered, but not with success. */
export class Refusal extends Error {
  readonly method: string
  readonly status: number
  readonly reason: string

  constructor(method: string, who: string, response: Pick<SipResponse, 'status' | 'reason'>) {
    super(`expected ${method} of ${who} to succeed, it was answered ${response.status} ${response.reason}`)
    this.name = 'Refusal'
    this.method = method
    this.status = response.status
    this.reason = response.reason
  }
}
