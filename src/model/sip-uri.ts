import { Fault } from './fault.ts'
import { parseHost } from './host.ts'
import { quote } from './quote.ts'

/** RFC 3261 `user` without what has a meaning in Asterisk's dialplan (`& , ; $ ( ) |` and blanks). */
const SIP_URI = /^(?:(sips?):)?([a-z0-9_.!~*'+-]{1,64})@([^@;?&,\s]+)(;transport=(?:udp|tcp|tls))?$/i

/**
 * Reads `sip:device@domain[:port][;transport=…]`; the scheme may be missing and becomes `sip:`.
 * Host and scheme end up in lower case, the device keeps its case. Faults: `sip-uri-invalid`.
 */
export function parseSipUri(text: string): string | Fault {
  const match = SIP_URI.exec(text.trim())
  const host = match ? parseHost(match[3]!) : null
  if (match && typeof host === 'string') {
    return `${(match[1] ?? 'sip').toLowerCase()}:${match[2]!}@${host}${(match[4] ?? '').toLowerCase()}`
  }
  const message = `${quote(text)} is not a SIP address`
  const bare = text.replaceAll(/\s+/gu, '').replace(/^.*<([^<>]+)>.*$/, '$1')
  const repair = bare.length < text.trim().length ? parseSipUri(bare) : null
  if (typeof repair !== 'string') return new Fault('sip-uri-invalid', message, 'sip:device@pbx.example.org')
  return new Fault('sip-uri-invalid', message, repair, repair)
}
