import { AppError } from '../model/app-error.ts'
import type { AnswerPhone } from '../model/phone-request.ts'
import { parseAllowList } from './allow-list.ts'
import { DEFAULT_LIMITS, type TftpLimits } from './limits.ts'
import { Listener } from './listener.ts'
import type { TftpSettings } from './settings.ts'
import { widenReceiveBuffer } from './sockets.ts'

/** A morning's boot storm must fit: with the usual 208 KiB some 200 requests wait, the rest is lost and asked for a second later. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024

export type TftpServer = {
  port: number
  /** Transfers under way, unanswered ones included. */
  readonly activeTransfers: number
  /** Takes no more requests, lets running transfers end for a moment, then closes. */
  close: () => Promise<void>
}

/**
 * Serves phones over TFTP, read-only and from memory (RFC 1350, 2347, 2348, 2349, 7440). Sources outside `allow` (CIDR
 * networks) are met with silence; a null answer is always the same ERROR 1. `port` 0 takes a free one.
 * On a host with several addresses bind to one: a UDP reply from a wildcard socket may leave from another address.
 * Throws AppError `config-invalid` for a bad network, `tftp-unavailable` when the port cannot be bound.
 */
export function startTftpServer(options: {
  address: string
  port: number
  allow: readonly string[]
  answer: AnswerPhone
  log: TftpSettings['log']
  limits?: Partial<TftpLimits>
  receiveBufferBytes?: number
}): Promise<TftpServer> {
  return new Promise((resolve) => {
    const { address, port, answer, log, receiveBufferBytes = RECEIVE_BUFFER_BYTES } = options
    const limits = { ...DEFAULT_LIMITS, ...options.limits }
    const listener = listen({ address, allowed: parseAllowList(options.allow), answer, log, limits }, port)
    const granted = widenReceiveBuffer(listener.socket, receiveBufferBytes)
    if (granted < receiveBufferBytes) {
      log.warn({ granted, wanted: receiveBufferBytes }, 'tftp receive buffer is small: raise net.core.rmem_max')
    }
    resolve({
      port: listener.socket.address().port,
      get activeTransfers() {
        return listener.sessions.size
      },
      close: () => listener.close(),
    })
  })
}

function listen(settings: TftpSettings, port: number): Listener {
  try {
    return new Listener(settings, port)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    const hint = code === 'EACCES' ? '; ports below 1024 need the right to bind them (CAP_NET_BIND_SERVICE)' : ''
    const message = `TFTP cannot listen on ${settings.address} port ${port}: ${code}${hint}`
    throw new AppError('tftp-unavailable', message, { cause: error })
  }
}
