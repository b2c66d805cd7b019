/** What an Authorization header says; null where it is none that we asked for. */
export type Authorization =
  { scheme: 'basic'; name: string; password: string } | { scheme: 'digest'; parameters: ReadonlyMap<string, string> }

const MAX_CHARACTERS = 2_048
const PARAMETER =
  /^[\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+./:?=^_`|~0-9A-Za-z-]*))\s*(?=,|$)/

/** Reads the header as RFC 7617 and RFC 7616 write it. A parameter that is there twice makes it nothing. */
export function parseAuthorization(header: string): Authorization | null {
  if (header.length > MAX_CHARACTERS) return null
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s+(.*)$/s.exec(header) ?? []
  if (scheme.toLowerCase() === 'basic') return parseBasic(rest.trim())
  return scheme.toLowerCase() === 'digest' ? parseDigest(rest) : null
}

function parseBasic(text: string): Authorization | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const pair = Buffer.from(text, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? null : { scheme: 'basic', name: pair.slice(0, colon), password: pair.slice(colon + 1) }
}

function parseDigest(text: string): Authorization | null {
  const parameters = new Map<string, string>()
  let rest = text
  while (rest.trim() !== '') {
    const [whole, name, quoted, bare] = PARAMETER.exec(rest) ?? []
    if (whole === undefined || name === undefined) return null
    const key = name.toLowerCase()
    if (parameters.has(key)) return null
    parameters.set(key, quoted?.replaceAll(/\\(.)/gs, '$1') ?? bare!)
    rest = rest.slice(whole.length).replace(/^,/, '')
  }
  return { scheme: 'digest', parameters }
}
