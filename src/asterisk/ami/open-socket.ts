import { readFile } from 'node:fs/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AppError } from '../../model/app-error.ts'
import type { AmiAddress } from './address.ts'

/** Idle time before the kernel probes the peer; it helps where a slow action makes silence normal. */
const KEEP_ALIVE_MS = 5_000

/**
 * A connected socket, over TLS 1.2 or newer with a verified certificate for `amis://`.
 * @throws AppError `ami-unreachable`, also when the signal ends the attempt
 */
export async function openSocket(address: AmiAddress, signal: AbortSignal): Promise<Socket> {
  const { host, port } = address
  try {
    const socket = address.tls ? await startTls(address, signal) : connectTcp({ host, port })
    await connected(socket, address.tls ? 'secureConnect' : 'connect', signal)
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    return socket
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    throw new AppError('ami-unreachable', `No connection to Asterisk at ${host}:${port}: ${reason}`, { cause })
  }
}

async function startTls(address: AmiAddress, signal: AbortSignal): Promise<Socket> {
  const ca = address.caFile === undefined ? undefined : await readFile(address.caFile, { signal })
  return connectTls({
    host: address.host,
    port: address.port,
    minVersion: 'TLSv1.2',
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    ...(ca ? { ca } : {}),
  })
}

function connected(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      reject(error)
    }
    const abort = () => fail(new Error('gave up waiting'))
    socket.once('error', fail)
    socket.once(event, () => {
      socket.off('error', fail)
      signal.removeEventListener('abort', abort)
      resolve()
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
