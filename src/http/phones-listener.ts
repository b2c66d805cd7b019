import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Log } from '../model/log.ts'
import type { AnswerPhone } from '../model/phone-request.ts'
import { AccessLog, type WriteLines, writeToStdout } from './access-log.ts'
import { listProxies, trustProxies } from './client-address.ts'
import type { Door } from './login/door.ts'
import { listenOn, prepareClose, type RunningListener } from './listening.ts'
import { createPhonesExchange } from './phones-exchange.ts'
import type { PhonesTls } from './phones-tls.ts'

/** No phone needs more than a second; whoever is slower holds a connection that others could use. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 8 * 1024,
  // Phones send nothing, and a stream that ends without a byte costs 2.4 of the 20 µs that Node takes for a request.
  optimizeEmptyRequests: true,
}
const MAX_CONNECTIONS = 8192
const HANDSHAKE_TIMEOUT_MS = 10_000

/** What the parser makes of a request that is none; as bare as every refusal, and the connection ends with it. */
const REFUSAL = `HTTP/1.1 404 ${STATUS_CODES[404]}\r\nCache-Control: no-store\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`

export type PhonesListenerOptions = {
  address: string
  /** 0 takes a free one. */
  port: number
  answer: AnswerPhone
  /** For what went wrong. */
  log: Pick<Log, 'info' | 'warn'>
  /** Takes a line of JSON for each request; standard output if not given. */
  writeAccess?: WriteLines
  /** Addresses or networks whose X-Forwarded-For is believed. */
  trustedProxy?: readonly string[]
  /** Asks phones for their password where their tenant wants that. */
  door?: Door
  /** Makes it HTTPS. */
  tls?: PhonesTls
  maxConnections?: number
}

/**
 * Serves phones their files over HTTP or HTTPS. Whatever is refused gets the same 404 without a body; what cannot be
 * known now gets a 500.
 * @throws AppError `config-invalid` for a bad proxy, `listen-failed` for a port that cannot be bound
 */
export async function startPhonesListener(options: PhonesListenerOptions): Promise<RunningListener> {
  const { address, port, answer, log, trustedProxy = [], tls } = options
  const access = new AccessLog(options.writeAccess ?? writeToStdout)
  const exchange = createPhonesExchange({
    ...{ answer, log, access, addressOf: trustProxies(trustedProxy) },
    transport: tls ? 'https' : 'http',
    ...(trustedProxy.length > 0 && { isProxy: listProxies(trustedProxy) }),
    ...(options.door && { door: options.door }),
    ...(tls && { certificateOf: (socket: Socket) => tls.certificateOf(socket) }),
  })
  const { server, stopWatching } = createPhonesServer(exchange, options)
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS
  // A header that asks for something special changes nothing.
  for (const event of ['checkContinue', 'checkExpectation']) server.on(event, exchange)
  server.on('connect', (_request, socket: Socket) => socket.end(REFUSAL))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else socket.end(REFUSAL)
  })
  const close = prepareClose(server)
  return {
    port: await listenOn(server, address, port),
    close: async () => {
      stopWatching()
      await close()
      access.flush()
    },
  }
}

function createPhonesServer(
  exchange: RequestListener,
  { tls, log }: Pick<PhonesListenerOptions, 'tls' | 'log'>,
): { server: Server; stopWatching: () => void } {
  if (!tls) return { server: createServer(LIMITS, exchange), stopWatching: () => undefined }
  const server = createTlsServer({ ...LIMITS, ...tls.options, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, exchange)
  return { server, stopWatching: tls.watch(server, log) }
}
