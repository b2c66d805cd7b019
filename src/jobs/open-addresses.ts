import { lookup as resolve } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { type Networks, parseNetworks, plainAddress } from '../access/networks.ts'

/**
 * Addresses that are not the public internet's: IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890), multicast,
 * and the ranges in which an IPv4 address hides (NAT64, 6to4, Teredo).
 */
const CLOSED = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
  ...[
    '::/96',
    '::ffff:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
  ],
  ...['3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]

/**
 * Which addresses a webhook may be sent to: public ones, and those of `allowed` networks.
 * @throws RangeError for what is no network
 */
export function openAddresses(allowed: readonly string[]): Networks {
  const isAllowed = parseNetworks(allowed)
  const isClosed = parseNetworks(CLOSED)
  return (text) => {
    const address = plainAddress(text)
    return isIP(address) !== 0 && (isAllowed(address) || !isClosed(address))
  }
}

/**
 * Resolves names, and gives only addresses that are open: what was checked is what is connected to, so a name that means
 * another address a moment later gains nothing.
 */
export function lookUpOpen(isOpen: Networks, lookup: typeof resolve = resolve): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) {
        callback(error, '')
        return
      }
      const open = found.filter(({ address }) => isOpen(address))
      const [first] = open
      if (!first) callback(new ClosedAddress(), '')
      else if (options.all) callback(null, open)
      else callback(null, first.address, first.family)
    })
  }
}

/** Nothing is sent to this host: it is inside a network that was not opened. */
export class ClosedAddress extends Error {
  constructor() {
    super('The address is not public. OFFHOOK_WEBHOOKS_ALLOW lists the networks that may be reached nevertheless.')
  }
}
