import { BlockList, isIP } from 'node:net'
import { AppError } from '../model/app-error.ts'

export type AddressOf = (peer: string, forwardedFor: string | undefined) => string
/** Whether the peer is a proxy whose headers are believed. */
export type IsProxy = (peer: string) => boolean

/**
 * Tells who really asks: the peer, or behind a trusted proxy the last address in X-Forwarded-For that is not a trusted
 * proxy itself. Everybody else's header is not looked at.
 * @param trusted addresses or CIDR networks
 * @throws AppError `config-invalid`
 */
export function trustProxies(trusted: readonly string[]): AddressOf {
  const isProxy = listProxies(trusted)
  return (peer, forwardedFor) => {
    const own = toPlainAddress(peer)
    if (forwardedFor === undefined || trusted.length === 0 || !isProxy(own)) return own
    const hops = forwardedFor.split(',').map((hop) => toPlainAddress(hop.trim()))
    return hops.findLast((hop, index) => isIP(hop) !== 0 && (index === 0 || !isProxy(hop))) ?? own
  }
}

/** Tells trusted proxies. @throws AppError `config-invalid` */
export function listProxies(trusted: readonly string[]): IsProxy {
  const proxies = new BlockList()
  for (const text of trusted) addNetwork(proxies, text)
  return (peer) => {
    const address = toPlainAddress(peer)
    return isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
}

/** IPv4 as IPv4, also where a socket of both kinds shows it as `::ffff:192.0.2.1`. */
function toPlainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

function addNetwork(list: BlockList, text: string): void {
  const [address = '', prefix] = text.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  try {
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, /^\d+$/.test(prefix) ? Number(prefix) : -1, family)
  } catch (cause) {
    throw new AppError('config-invalid', `${JSON.stringify(text)} is not an address or network`, { cause })
  }
}
