import { BlockList, isIP } from 'node:net'

/** Whether an address (text, without zone, IPv4-mapped written as IPv4) lies in one of some networks. */
export type Networks = (address: string) => boolean

/**
 * Reads networks such as `10.0.0.0/8`, `fd00::/8` or a bare address.
 * @throws RangeError naming the first that is none
 */
export function parseNetworks(networks: readonly string[]): Networks {
  // A list of both kinds takes some IPv4 addresses for members of IPv6 networks (Node, SocketAddress::is_in_network).
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const network of networks) addNetwork(lists, network.trim())
  return (address) => {
    const version = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return lists[version].check(address, version)
  }
}

function addNetwork(lists: Record<'ipv4' | 'ipv6', BlockList>, network: string): void {
  const [address = '', prefix, ...rest] = network.split('/')
  const version = isIP(address)
  const widest = version === 6 ? 128 : 32
  const bits = prefix === undefined ? widest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity
  if (version === 0 || rest.length > 0 || bits > widest)
    throw new RangeError(`${JSON.stringify(network)} is no network in CIDR notation`)
  const kind = version === 6 ? 'ipv6' : 'ipv4'
  lists[kind].addSubnet(address, bits, kind)
}

/** The address as it is compared and shown: no zone, IPv4-mapped IPv6 as IPv4. */
export function plainAddress(address: string): string {
  const zone = address.indexOf('%')
  const bare = zone === -1 ? address : address.slice(0, zone)
  if (!bare.startsWith('::ffff:')) return bare
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(bare) ?? []
  if (high === undefined || low === undefined) return bare.includes('.') ? bare.slice(7) : bare
  return [high, low]
    .map((group) => parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 255])
    .join('.')
}

/** Who counts as one source: an IPv4 address, or the /64 of an IPv6 address, within which everybody takes what they like. */
export function sourceNetwork(address: string): string {
  const plain = plainAddress(address)
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]]
  const gap = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = [...before, ...gap, ...after].slice(0, 4)
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`
}
