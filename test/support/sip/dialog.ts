import { isIP } from 'node:net'
import { parseAddress, parseUri, tagOf } from './address.ts'
import type { SipRequest, SipResponse } from './message.ts'
import type { Peer } from './transport.ts'

/** A request before it gets its sequence number, Via, Contact and credentials. */
export interface Draft {
  readonly method: string
  readonly uri: string
  readonly from: string
  readonly to: string
  readonly callId: string
  readonly routes: readonly string[]
}

/** A dialog (RFC 3261 §12): both ends' names, where the far end is reached, and the order of our requests. */
export class Dialog {
  readonly callId: string
  readonly local: string
  readonly remote: string
  readonly routes: readonly string[]
  target: string
  #sequence: number

  constructor(parts: Omit<Draft, 'method' | 'uri' | 'from' | 'to'> & DialogEnds, sequence: number) {
    this.callId = parts.callId
    this.local = parts.local
    this.remote = parts.remote
    this.routes = parts.routes
    this.target = parts.target
    this.#sequence = sequence
  }

  /** The dialog that a response to our own request makes. */
  static ofResponse(request: SipRequest, response: SipResponse): Dialog {
    const parts = {
      callId: request.headers.need('Call-ID'),
      local: request.headers.need('From'),
      remote: response.headers.need('To'),
      target: contactOf(response) ?? request.uri,
      routes: response.headers.list('Record-Route').reverse(),
    }
    return new Dialog(parts, sequenceOf(request))
  }

  /** The dialog that answering a request with our tag makes. */
  static ofRequest(request: SipRequest, tag: string): Dialog {
    const parts = {
      callId: request.headers.need('Call-ID'),
      local: `${request.headers.need('To')};tag=${tag}`,
      remote: request.headers.need('From'),
      target: contactOf(request) ?? parseAddress(request.headers.need('From')).uri,
      routes: request.headers.list('Record-Route'),
    }
    return new Dialog(parts, 0)
  }

  /** A key that finds the dialog of an incoming request. */
  get key(): string {
    return dialogKey(this.callId, tagOf(this.local))
  }

  draft(method: string): Draft {
    const { callId, routes } = this
    return { method, uri: this.target, from: this.local, to: this.remote, callId, routes }
  }

  nextSequence(): number {
    this.#sequence += 1
    return this.#sequence
  }

  /** Where a request of this dialog goes when it names an IP address: the first route, else the far end's contact. */
  get nextHop(): Peer | undefined {
    return peerOf(this.routes[0] === undefined ? this.target : parseAddress(this.routes[0]).uri)
  }
}

interface DialogEnds {
  readonly local: string
  readonly remote: string
  readonly target: string
}

/** Identifies a dialog by its Call-ID and our own tag; the far end's tag may still be unknown. */
export function dialogKey(callId: string, localTag: string): string {
  return `${callId} ${localTag}`
}

export function sequenceOf(message: SipRequest | SipResponse): number {
  return Number(message.headers.need('CSeq').split(' ')[0])
}

/** The address in a URI, undefined when it holds a name that would have to be looked up. */
export function peerOf(uri: string): Peer | undefined {
  const { host, port = 5060 } = parseUri(uri)
  return isIP(host) ? { host, port } : undefined
}

function contactOf(message: SipRequest | SipResponse): string | undefined {
  const contact = message.headers.list('Contact')[0]
  return contact === undefined ? undefined : parseAddress(contact).uri
}
