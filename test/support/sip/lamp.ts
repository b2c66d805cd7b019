import type { Line } from './line.ts'
import { Subscription } from './subscription.ts'
import { Changes, PATIENCE_MS } from './waiting.ts'

/** What a busy lamp field shows: dark (`terminated`), blinking (`early`) or lit (`confirmed`); RFC 4235 §3.7.1. */
export type LampState = 'terminated' | 'trying' | 'proceeding' | 'early' | 'confirmed'

const BY_WEIGHT: readonly LampState[] = ['confirmed', 'early', 'proceeding', 'trying', 'terminated']

/** A key that watches another extension. */
export class Lamp {
  /** Undefined until the first NOTIFY. */
  state: LampState | undefined
  /** Every state shown so far, in order. */
  readonly history: LampState[] = []
  readonly #changes = new Changes()
  readonly #target: string
  #subscription!: Subscription

  private constructor(target: string) {
    this.#target = target
  }

  /** Subscribes to the dialogs of an extension. @throws Refusal, such as 404 when it has no hint. */
  static async watch(line: Line, target: string, expiresS?: number): Promise<Lamp> {
    const lamp = new Lamp(target)
    lamp.#subscription = await Subscription.open(line, {
      target,
      event: 'dialog',
      accept: 'application/dialog-info+xml',
      ...(expiresS !== undefined && { expiresS }),
      onNotify: (notify) => lamp.#show(notify.body),
    })
    return lamp
  }

  /** Why the server ended the subscription; undefined while it lasts. */
  get ended(): string | undefined {
    return this.#subscription.terminated
  }

  /** Resolves once the lamp shows that state. */
  async waitFor(state: LampState, timeoutMs: number = PATIENCE_MS): Promise<void> {
    const probe = (): true | undefined => (this.state === state ? true : undefined)
    await this.#changes.until(probe, `the lamp of ${this.#target} to be ${state}`, timeoutMs, () => {
      return `it showed ${this.history.join(', ') || 'nothing'}`
    })
  }

  close(): Promise<void> {
    return this.#subscription.close()
  }

  stop(): void {
    this.#subscription.stop()
  }

  #show(body: string): void {
    if (body === '') return
    this.state = parseDialogState(body)
    this.history.push(this.state)
    this.#changes.notify()
  }
}

/** The weightiest state of a dialog-info document; no dialog at all is `terminated`. @throws Error when it is none. */
export function parseDialogState(body: string): LampState {
  if (!/<dialog-info\b[^>]*\bxmlns="urn:ietf:params:xml:ns:dialog-info"/.test(body)) {
    throw new Error(`not a dialog-info document: ${JSON.stringify(body.slice(0, 120))}`)
  }
  const states = [...body.matchAll(/<state\b[^>]*>\s*(\w+)\s*<\/state>/g)].map(([, state]) => state!)
  const unknown = states.find((state) => !BY_WEIGHT.some((known) => known === state))
  if (unknown !== undefined) throw new Error(`unknown dialog state ${unknown}`)
  return BY_WEIGHT.find((state) => states.includes(state)) ?? 'terminated'
}
