import { BlockList, isIP } from 'node:net'

/** Whether an address (text, without zone, IPv4-mapped written as IPv4) lies in one of some networks. */
export type Networks = (address: string) => boolean

/**
 * Reads networks such as `10.0.0.0/8`, `fd00::/8` or a bare address.
 * @throws RangeError naming the first that is none
 */
export function parseNetworks(networks: readonly string[]): Networks {
  const list = new BlockList()
  for (const network of networks) addNetwork(list, network.trim())
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix, ...rest] = network.split('/')
  const version = isIP(address)
  const widest = version === 6 ? 128 : 32
  const bits = prefix === undefined ? widest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity
  if (version === 0 || rest.length > 0 || bits > widest)
    throw new RangeError(`${JSON.stringify(network)} is no network in CIDR notation`)
  list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4')
}

/** The address as it is compared and shown: no zone, IPv4-mapped IPv6 as IPv4. */
export function plainAddress(address: string): string {
  const zone = address.indexOf('%')
  const bare = zone === -1 ? address : address.slice(0, zone)
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.slice(7) : bare
}
