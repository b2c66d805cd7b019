/** The parts of a `sip:` or `sips:` URI that routing needs. */
export interface SipUri {
  readonly user: string
  readonly host: string
  readonly port: number | undefined
}

/** A From, To, Contact or Route value: `"Name" <uri>;parameter=value`. */
export interface Address {
  readonly displayName: string
  readonly uri: string
  readonly parameters: ReadonlyMap<string, string>
}

const SIP_URI = /^sips?:(?:([^@:;]*)(?::[^@]*)?@)?(\[[0-9a-fA-F:.]+\]|[^:;?]+)(?::(\d+))?/i
const NAME_ADDRESS = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>(.*)$/

/** @throws Error when it is not a SIP URI. */
export function parseUri(uri: string): SipUri {
  const match = SIP_URI.exec(uri)
  if (!match) throw new Error(`not a SIP URI: ${JSON.stringify(uri)}`)
  const [, user = '', host, port] = match
  return { user, host: host!.replace(/^\[|\]$/g, ''), port: port === undefined ? undefined : Number(port) }
}

/** Reads both forms; in the short one, parameters belong to the header and not to the URI (RFC 3261 §20.10). */
export function parseAddress(value: string): Address {
  const match = NAME_ADDRESS.exec(value)
  if (match) {
    const [, quoted, bare = '', uri, parameters] = match
    const displayName = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1')
    return { displayName, uri: uri!, parameters: parseParameters(parameters!) }
  }
  const [uri = '', ...parameters] = value.trim().split(';')
  return { displayName: '', uri, parameters: parseParameters(parameters.join(';')) }
}

/** The tag of a From or To value, empty when there is none. */
export function tagOf(value: string): string {
  return parseAddress(value).parameters.get('tag') ?? ''
}

/** A quoted display name in front of a URI in angle brackets. */
export function formatAddress(displayName: string, uri: string, tag?: string): string {
  const name = displayName === '' ? '' : `"${displayName.replace(/["\\]/g, '\\$&')}" `
  return `${name}<${uri}>${tag === undefined || tag === '' ? '' : `;tag=${tag}`}`
}

/** `;name=value;flag` as a map with lower-case names; a flag has the empty value. */
export function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const [, name, quoted, token] of text.matchAll(/;\s*([^=;\s]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*)))?/g)) {
    parameters.set(name!.toLowerCase(), quoted ?? token ?? '')
  }
  return parameters
}
