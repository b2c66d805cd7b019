import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { maskTokens, parseTokenPath } from '../model/device-token.ts'
import { type Log, warnCalmly } from '../model/log.ts'
import type { DeviceCertificate } from '../model/phone-proof.ts'
import type { AnswerPhone, PhoneAnswer, PhoneRequest } from '../model/phone-request.ts'
import type { AccessLog } from './access-log.ts'
import type { AddressOf, IsProxy } from './client-address.ts'
import { matchesTag } from './etag.ts'
import type { Door } from './login/door.ts'
import { readPath } from './read-path.ts'
import { sendStored } from './send-stored.ts'

type ExchangeOptions = {
  answer: AnswerPhone
  /** For what went wrong. */
  log: Pick<Log, 'warn'>
  access: AccessLog
  addressOf: AddressOf
  /** Given where there are proxies whose X-Forwarded-Proto is believed. */
  isProxy?: IsProxy
  transport: 'http' | 'https'
  /** What the phone on a connection showed of a certificate. */
  certificateOf?: (socket: Socket) => DeviceCertificate | undefined
  /** Asks phones for their password where that is wanted. */
  door?: Door
}

/** A phone has nothing to send us; a body beyond this is not waited for. */
const MAX_BODY_BYTES = 64 * 1024

const REFUSAL_HEADERS = ['Cache-Control', 'no-store', 'Content-Length', '0']
const NOT_MODIFIED = 304

/** One request of a phone, from its arrival to its line in the log. */
export function createPhonesExchange(
  options: ExchangeOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { answer, log, access, addressOf, transport, certificateOf, door, isProxy } = options
  const warn = warnCalmly(log, () => performance.now())

  return function exchange(request, response) {
    const beganAtMs = performance.now()
    const { method = '', headers } = request
    const path = readPath(request.url ?? '')
    const shownPath = path === null ? null : maskTokens(path)
    const address = addressOf(request.socket.remoteAddress ?? '', headers['x-forwarded-for'] as string | undefined)

    function finish(status: number, bytes: number): void {
      access.note({ address, method, path: shownPath, status, bytes, ms: performance.now() - beganAtMs })
    }
    let challenge: readonly string[] | null = null
    function refuse(): void {
      const status = challenge === null ? 404 : 401
      response.writeHead(status, challenge === null ? REFUSAL_HEADERS : [...REFUSAL_HEADERS, ...challenge])
      response.end()
      finish(status, 0)
    }
    function fail(error: unknown): void {
      warn({ err: error, path: shownPath }, 'phone answer failed')
      // In the middle of a file there is no other way to say it.
      if (response.headersSent) response.destroy()
      else response.writeHead(500, REFUSAL_HEADERS).end()
      finish(500, 0)
    }
    function serve(found: PhoneAnswer | null): void {
      if (!found) {
        refuse()
        return
      }
      if (found.stored) {
        sendStored(request, response, found, found.stored).then(({ status, bytes }) => finish(status, bytes), fail)
        return
      }
      const { bytes, contentType, etag } = found
      if (matchesTag(headers['if-none-match'], etag)) {
        response.writeHead(NOT_MODIFIED, ['Cache-Control', 'no-store', 'ETag', etag])
        response.end()
        finish(NOT_MODIFIED, 0)
        return
      }
      const length = String(bytes.length)
      response.writeHead(200, [
        ...['Cache-Control', 'no-store', 'Content-Length', length, 'Content-Type', contentType, 'ETag', etag],
      ])
      response.end(method === 'HEAD' ? undefined : bytes)
      finish(200, method === 'HEAD' ? 0 : bytes.length)
    }

    if (hasBody(request)) dropBody(request)
    if (path === null || (method !== 'GET' && method !== 'HEAD')) {
      refuse()
      return
    }
    try {
      const asked = toPhoneRequest(path, transport, address, headers['user-agent'])
      if (isProxy?.(request.socket.remoteAddress ?? '') && headers['x-forwarded-proto'] === 'https')
        asked.transport = 'https'
      const at = request.url!.indexOf('?')
      if (at >= 0) asked.query = request.url!.slice(at + 1)
      if (certificateOf) asked.certificate = certificateOf(request.socket)
      if (door) challenge = door(request, asked)
      const found = answer(asked)
      if (found instanceof Promise) found.then(serve).catch(fail)
      else serve(found)
    } catch (error) {
      fail(error)
    }
  }
}

function toPhoneRequest(
  path: string,
  transport: PhoneRequest['transport'],
  address: string,
  userAgent: string | undefined,
): PhoneRequest {
  const { token, file } = parseTokenPath(path)
  return { transport, token, file, userAgent: userAgent ?? '', address }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

function dropBody(request: IncomingMessage): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) request.destroy()
  })
}
