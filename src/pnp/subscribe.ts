import { isIPv4 } from 'node:net'
import { type Mac, parseMac } from '../model/mac.ts'
import { readOnly, type SipMessage } from './message.ts'

/** What a phone says of itself; unreliable: some makers' phones call themselves `OEM` or `VOIP PHONE`. */
export type Claim = { vendor: string | null; model: string | null; version: string | null }

/** A phone that asks for its profile (RFC 6080). Texts are as received and hold no line ends. */
export type Subscribe = {
  mac: Mac
  claim: Claim
  via: { text: string; port: number; hasRport: boolean }
  from: string
  to: string
  callId: string
  cseq: string
  event: string
  /** Seconds; 0: answer once. */
  expires: number
  contact: { uri: string; host: string; port: number } | null
}

const REQUEST = /^SUBSCRIBE (sips?:[!-~]{1,255}) SIP\/2\.0$/
/** Multicast comes straight from the phone: one Via, no list of them. */
const VIA = /^SIP *\/ *2\.0 *\/ *UDP +(?:\[[0-9a-f:.]+\]|[\w.-]+)(?: *: *(\d{1,5}))? *((?:;[^,;]*)*)$/i
const ADDRESS = /^(?:"(?:[^"\\]|\\.)*" *|[^"<>,;]*)<(sips?:[^<>\s]{1,255})>((?: *;[^,]*)?)$/i
const BARE_ADDRESS = /^(sips?:[^<>\s;,?]{1,255})((?: *;[^,]*)?)$/i
const URI = /^sips?:(?:([^@]*)@)?(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?(?:[;?].*)?$/i
const PARAMETER = /^ *; *([\w.!%*+`'~-]+)(?: *= *(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))? */
const LONGEST_FIELD = 512
const LONGEST_CLAIM = 64
const SIP_PORT = 5060
const LONGEST_EXPIRES = 86_400

/** The question in a message; null when it is any other message, is not well formed, or does not say whose phone asks. */
export function readSubscribe(message: SipMessage): Subscribe | null {
  const [, target] = REQUEST.exec(message.startLine) ?? []
  const [via, from, to, callId, cseq, event] = ['via', 'from', 'to', 'call-id', 'cseq', 'event'].map((name) =>
    readField(message, name),
  )
  if (!target || !via || !from || !to || !callId || !cseq || !event) return null
  if (!/^\d{1,10} +SUBSCRIBE$/.test(cseq) || /\s/.test(callId)) return null
  const [, viaPort, viaParameters] = VIA.exec(via) ?? []
  const [fromAddress, toAddress] = [readAddress(from), readAddress(to)]
  const claim = readEvent(event)
  if (viaParameters === undefined || !fromAddress || !toAddress || !claim) return null
  const tag = readParameters(fromAddress.parameters)?.get('tag')
  const mac = readMac([target, fromAddress.uri, toAddress.uri])
  // A To with a tag belongs to a dialog that we never opened.
  if (!tag || !mac || readParameters(toAddress.parameters)?.has('tag') !== false) return null
  const port = readPort(viaPort)
  if (port === null) return null
  return {
    ...{ mac, claim, from, to, callId, cseq, event },
    via: { text: via, port, hasRport: /; *rport *(?:;|$)/i.test(viaParameters) },
    expires: readExpires(message),
    contact: readContact(message),
  }
}

function readField(message: SipMessage, name: string): string | null {
  const value = readOnly(message, name)
  return value !== null && value.length > 0 && value.length <= LONGEST_FIELD ? value : null
}

function readAddress(text: string): { uri: string; parameters: string } | null {
  const [, uri, parameters] = ADDRESS.exec(text) ?? BARE_ADDRESS.exec(text) ?? []
  return uri === undefined || parameters === undefined ? null : { uri, parameters }
}

/** Null for what is no list of parameters; names are lower case, quotes are taken off. */
function readParameters(text: string): Map<string, string> | null {
  const found = new Map<string, string>()
  for (let rest = text.trim(); rest !== '';) {
    const match = PARAMETER.exec(rest)
    if (!match) return null
    const [all, name, quoted, bare] = match
    found.set(name!.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '')
    rest = rest.slice(all.length)
  }
  return found
}

/** RFC 6080 §6.1 has `vendor`, `model` and `version`; null for another event package. */
function readEvent(text: string): Claim | null {
  const [, rest] = /^ua-profile((?: *;.*)?)$/i.exec(text) ?? []
  const parameters = rest === undefined ? null : readParameters(rest)
  if (!parameters) return null
  const read = (name: string) => parameters.get(name)?.slice(0, LONGEST_CLAIM) ?? null
  return { vendor: read('vendor'), model: read('model'), version: read('version') }
}

/**
 * The user part of an address is `MAC%3a001565abcdef` (RFC 6080 §5.1.4.2 has URNs; phones of Snom, Yealink, Grandstream,
 * Htek and Fanvil write this). Addresses that name two phones name none.
 */
function readMac(uris: readonly string[]): Mac | null {
  const macs = uris.flatMap((uri) => {
    const user = URI.exec(uri)?.[1]?.replaceAll(/%3a/gi, ':').replace(/^mac:/i, '')
    return (user === undefined ? null : parseMac(user)) ?? []
  })
  return new Set(macs).size === 1 ? macs[0]! : null
}

function readExpires(message: SipMessage): number {
  const text = readOnly(message, 'expires')
  return text !== null && /^\d{1,9}$/.test(text) ? Math.min(Number(text), LONGEST_EXPIRES) : 0
}

function readContact(message: SipMessage): Subscribe['contact'] {
  const uri = readAddress(readField(message, 'contact') ?? '')?.uri
  const [, , host, portText] = uri === undefined ? [] : (URI.exec(uri) ?? [])
  const port = readPort(portText)
  return uri === undefined || host === undefined || !isIPv4(host) || port === null ? null : { uri, host, port }
}

function readPort(text: string | undefined): number | null {
  const port = text === undefined ? SIP_PORT : Number(text)
  return port >= 1 && port <= 65_535 ? port : null
}
