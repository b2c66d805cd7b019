import type { AmiMessage } from './ami/message.ts'

const DEVICE_STATES = [
  'UNKNOWN',
  'NOT_INUSE',
  'INUSE',
  'BUSY',
  'INVALID',
  'UNAVAILABLE',
  'RINGING',
  'RINGINUSE',
  'ONHOLD',
] as const

/** Asterisk's own words (devicestate.c). `UNAVAILABLE`: no contact can be reached; `UNKNOWN`: nothing was read yet. */
export type DeviceState = (typeof DEVICE_STATES)[number]

/** Whether a contact answers OPTIONS; `unqualified` when Asterisk does not ask. */
export type Reachability = 'reachable' | 'unreachable' | 'unqualified' | 'unknown'

/** Where an endpoint is registered right now. */
export interface Contact {
  readonly uri: string
  readonly status: Reachability
  readonly userAgent?: string
  /** Round trip of the last OPTIONS in microseconds, 0 when none was answered. */
  readonly roundtripUsec: number
}

export interface EndpointState {
  readonly state: DeviceState
  readonly contacts: readonly Contact[]
}

/** One thing that a message says about one endpoint. */
export type Change =
  | { readonly endpoint: string; readonly kind: 'state'; readonly state: DeviceState }
  | { readonly endpoint: string; readonly kind: 'contact'; readonly contact: Contact; readonly refreshed: boolean }
  | { readonly endpoint: string; readonly kind: 'contact-gone'; readonly uri: string }

/** Words of res_pjsip's contact_status; `Created` and `Updated` say nothing about reachability. */
const REACHABILITY: Readonly<Record<string, Reachability>> = {
  Reachable: 'reachable',
  Unreachable: 'unreachable',
  NonQualified: 'unqualified',
  Avail: 'reachable',
  Unavail: 'unreachable',
  NonQual: 'unqualified',
}

/** Reads a live event or a list item; undefined when it is about something else. */
export function readChange(message: AmiMessage): Change | undefined {
  switch (message.get('event')) {
    case 'DeviceStateChange':
      return readDeviceState(message)
    case 'ContactStatus':
      return readContact(message, 'endpointname', 'contactstatus')
    case 'ContactList':
      return readContact(message, 'endpoint', 'status')
    default:
      return undefined
  }
}

function readDeviceState(message: AmiMessage): Change | undefined {
  const device = message.get('device') ?? ''
  const state = message.get('state') ?? ''
  if (!device.startsWith('PJSIP/')) return undefined
  return {
    endpoint: device.slice('PJSIP/'.length),
    kind: 'state',
    state: DEVICE_STATES.find((known) => known === state) ?? 'UNKNOWN',
  }
}

function readContact(message: AmiMessage, endpointHeader: string, statusHeader: string): Change | undefined {
  const uri = message.get('uri')
  // An endpoint and its AOR share one id; Asterisk leaves the endpoint empty where it has not matched them.
  const endpoint = [endpointHeader, 'aor'].map((name) => message.get(name)).find((id) => id !== undefined && id !== '')
  if (uri === undefined || endpoint === undefined) return undefined
  const word = message.get(statusHeader) ?? ''
  if (word === 'Removed') return { endpoint, kind: 'contact-gone', uri }
  const userAgent = message.get('useragent')
  const contact: Contact = {
    uri,
    status: REACHABILITY[word] ?? 'unknown',
    ...(userAgent ? { userAgent } : {}),
    roundtripUsec: Number(message.get('roundtripusec')) || 0,
  }
  return { endpoint, kind: 'contact', contact, refreshed: word === 'Updated' }
}
