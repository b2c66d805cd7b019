import type { Change, Contact, EndpointState } from './endpoint-state.ts'

/** Several times the largest site; beyond it the entry that has been there longest goes. */
const MAX_ENDPOINTS = 200_000
const MAX_CONTACTS = 50

/**
 * What is known of each endpoint, folded from changes. An endpoint that is nowhere registered and out of use has no
 * entry, so what is held is bounded by the phones that are there, and by hard limits behind that.
 */
export class EndpointStates {
  readonly #states = new Map<string, EndpointState>()

  get size(): number {
    return this.#states.size
  }

  get(endpoint: string): EndpointState | undefined {
    return this.#states.get(endpoint)
  }

  keys(): IterableIterator<string> {
    return this.#states.keys()
  }

  /** Folds one change in; true when it made a difference. */
  apply(change: Change): boolean {
    const before = this.#states.get(change.endpoint)
    const after = fold(before ?? { state: 'UNAVAILABLE', contacts: [] }, change)
    if (isNothing(after)) return this.#states.delete(change.endpoint)
    if (before && sameState(before, after)) return false
    this.#states.set(change.endpoint, after)
    if (this.#states.size > MAX_ENDPOINTS) this.#states.delete(this.#states.keys().next().value!)
    return true
  }
}

export function sameState(one: EndpointState | undefined, other: EndpointState | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function fold(before: EndpointState, change: Change): EndpointState {
  if (change.kind === 'state') {
    // INVALID: the endpoint does not exist any more. Its contacts go without an event when res_pjsip was reloaded first.
    return { state: change.state, contacts: change.state === 'INVALID' ? [] : before.contacts }
  }
  const uri = change.kind === 'contact' ? change.contact.uri : change.uri
  if (change.kind === 'contact-gone') {
    return { ...before, contacts: before.contacts.filter((contact) => contact.uri !== uri) }
  }
  const known = before.contacts.find((contact) => contact.uri === uri)
  if (!known) return { ...before, contacts: [...before.contacts, change.contact].slice(-MAX_CONTACTS) }
  const contact = change.refreshed ? refresh(known, change.contact) : { ...known, ...change.contact }
  return { ...before, contacts: before.contacts.map((other) => (other === known ? contact : other)) }
}

/** A re-registration says who registers, not whether the phone answers: that stays as last seen. */
function refresh(known: Contact, update: Contact): Contact {
  return { ...known, ...update, status: known.status, roundtripUsec: known.roundtripUsec }
}

function isNothing({ state, contacts }: EndpointState): boolean {
  return contacts.length === 0 && (state === 'UNAVAILABLE' || state === 'INVALID' || state === 'UNKNOWN')
}
