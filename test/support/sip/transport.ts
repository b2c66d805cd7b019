import { createSocket } from 'node:dgram'
import { openStream } from './stream-transport.ts'
import { openUdp } from './udp-transport.ts'
import { openWebSocket } from './websocket-transport.ts'

export type TransportKind = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss'

export interface Peer {
  readonly host: string
  readonly port: number
}

/** What a transport calls: one whole message, or the end of the connection. */
export interface Receiver {
  message(bytes: Buffer, from: Peer): void
  lost(reason: Error): void
}

/** Carries whole SIP messages; a connection ignores `to`, for it has one far end only. */
export interface Transport {
  readonly kind: TransportKind
  /** Whether the carrier itself repeats what is lost. */
  readonly reliable: boolean
  /** Where this agent is reached, for Via and Contact. */
  readonly local: Peer
  send(bytes: Buffer, to: Peer): void
  close(): Promise<void>
}

export interface TransportOptions extends Peer {
  readonly transport?: TransportKind
  /** The local port; free by default. UDP only. */
  readonly localPort?: number
  /** The local address; by default the one that this machine would use toward the server. UDP only. */
  readonly localHost?: string
  /** The authority that signed the server's certificate (PEM), for `tls` and `wss`. */
  readonly ca?: string | Buffer
  /** The name that the certificate must carry; the host by default. */
  readonly servername?: string
  /** The path of the WebSocket; Asterisk's is `/ws`. */
  readonly path?: string
}

/** Opens a transport toward a peer; a connection is established when this resolves. */
export async function openTransport(options: TransportOptions, receiver: Receiver): Promise<Transport> {
  switch (options.transport ?? 'udp') {
    case 'udp':
      return openUdp(options.localHost ?? (await findLocalAddress(options)), options.localPort ?? 0, receiver)
    case 'tcp':
    case 'tls':
      return openStream(options, receiver)
    case 'ws':
    case 'wss':
      return openWebSocket(options, receiver)
  }
}

/** The address that this machine would use toward the peer; a connected UDP socket sends nothing. */
async function findLocalAddress(peer: Peer): Promise<string> {
  const socket = createSocket('udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.connect(peer.port, peer.host, () => resolve())
    })
    return socket.address().address
  } finally {
    socket.close()
  }
}
