import type { RemoteInfo } from 'node:dgram'
import { plainAddress } from '../access/networks.ts'

/** The other end: its address and port are its transfer identifier (RFC 1350 §4). */
export type Peer = {
  /** As the socket spells it, zone included: what a reply is sent to. */
  address: string
  port: number
  /** As people and networks spell it. */
  source: string
  /** One text for address and port. */
  key: string
}

export function describePeer(from: RemoteInfo): Peer {
  const { address, port } = from
  return { address, port, source: plainAddress(address), key: `${port} ${address}` }
}
