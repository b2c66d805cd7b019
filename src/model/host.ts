import { Fault } from './fault.ts'
import { quote } from './quote.ts'

/** RFC 1123: labels of letters, digits and inner hyphens; the last one is no number, so `1.2.3` is no name. */
const HOST_NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** True for a lower-case ASCII host name; international names are written in their `xn--` form. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text)
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)

/**
 * Reads a host name, IPv4 address or bracketed IPv6 address with an optional port, lower case.
 * Faults: `host-invalid`.
 */
export function parseHost(text: string): string | Fault {
  const host = text.trim().toLowerCase()
  const { name, port } = splitPort(host)
  const inner = /^\[(.+)\]$/.exec(name)?.[1]
  const known = inner === undefined ? IPV4.test(name) || isHostName(name) : isIpv6(inner)
  if (known && (port === null || (Number(port) > 0 && Number(port) < 65_536))) return host
  const suggestion = 'A name such as pbx.example.org or an IP address'
  // Copied from a browser or out of a SIP address. What is left is shorter, so this ends.
  const bare = host
    .replaceAll(/\s+/gu, '')
    .replace(/^(?:[a-z]+:\/\/|sips?:)/, '')
    .replace(/\/.*$|[.;,]+$/, '')
  const repair = bare.length < host.length ? parseHost(bare) : null
  if (typeof repair !== 'string') return new Fault('host-invalid', `${quote(text)} is not a host`, suggestion)
  return new Fault('host-invalid', `${quote(text)} is not a host`, repair, repair)
}

/** True when traffic to this host, which may have a port, cannot leave the machine. */
export function isLoopback(host: string): boolean {
  const name = splitPort(host).name.replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name === '::1' || (IPV4.test(name) && name.startsWith('127.'))
}

function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/.test(text) && URL.canParse(`http://[${text}]/`)
}

function splitPort(host: string): { name: string; port: string | null } {
  const match = /^(.*?):(\d{1,5})$/.exec(host)
  // `::1` without brackets is no host with a port.
  if (!match || (match[1]!.includes(':') && !match[1]!.endsWith(']'))) return { name: host, port: null }
  return { name: match[1]!, port: match[2]! }
}
