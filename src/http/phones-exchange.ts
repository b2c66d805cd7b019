import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { maskTokens } from '../model/device-token.ts'
import { type Log, warnCalmly } from '../model/log.ts'
import type { DeviceCertificate } from '../model/phone-proof.ts'
import type { AnswerPhone, PhoneAnswer, StoredFile } from '../model/phone-request.ts'
import { type Answering, answerTogether } from './answer-together.ts'
import { ArrivedRequest } from './arrived-request.ts'
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
export function createPhonesExchange(options: ExchangeOptions): RequestListener {
  const tools = { ...options, warn: warnCalmly(options.log, () => performance.now()) }
  const answer = answerTogether()
  return (request, response) => answer(new Exchange(tools, request, response))
}

type Tools = ExchangeOptions & { warn: (fields: object, message: string) => void }

/** A class, for functions made anew for each request cost more than what they do. */
class Exchange implements Answering {
  readonly #beganAtMs = performance.now()
  readonly #tools: Tools
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #path: string | null
  readonly #address: string
  #challenge: readonly string[] | null = null
  #found: ReturnType<AnswerPhone> = null
  #error: unknown = null

  constructor(tools: Tools, request: IncomingMessage, response: ServerResponse) {
    const { socket, headers, url = '' } = request
    this.#tools = tools
    this.#request = request
    this.#response = response
    this.#path = readPath(url)
    this.#address = tools.addressOf(socket.remoteAddress ?? '', headers['x-forwarded-for'] as string | undefined)
  }

  judge(): void {
    const { method } = this.#request
    if (hasBody(this.#request)) dropBody(this.#request)
    if (this.#path === null || (method !== 'GET' && method !== 'HEAD')) return
    try {
      const asked = this.#ask(this.#path)
      const { door, answer } = this.#tools
      if (door) this.#challenge = door(this.#request, asked)
      this.#found = answer(asked)
    } catch (error) {
      this.#error = error
    }
  }

  reply(): void {
    const found = this.#found
    if (found instanceof Promise) {
      found.then((each) => this.#serve(each)).catch((error: unknown) => this.#fail(error))
      return
    }
    try {
      if (this.#error !== null) throw this.#error as Error
      this.#serve(found)
    } catch (error) {
      this.#fail(error)
    }
  }

  #ask(path: string): ArrivedRequest {
    const { isProxy, certificateOf, transport } = this.#tools
    const { socket, headers, url = '' } = this.#request
    const asked = new ArrivedRequest(path, transport, headers['user-agent'] ?? '', this.#address)
    if (isProxy?.(socket.remoteAddress ?? '') && headers['x-forwarded-proto'] === 'https') asked.transport = 'https'
    const at = url.indexOf('?')
    if (at >= 0) asked.query = url.slice(at + 1)
    if (certificateOf) asked.certificate = certificateOf(socket)
    return asked
  }

  #serve(found: PhoneAnswer | null): void {
    if (!found) this.#refuse()
    else if (found.stored) this.#sendStored(found, found.stored)
    else this.#send(found)
  }

  #send({ bytes, contentType, etag }: PhoneAnswer): void {
    const { method, headers } = this.#request
    const response = this.#response
    if (matchesTag(headers['if-none-match'], etag)) {
      response.writeHead(NOT_MODIFIED, ['Cache-Control', 'no-store', 'ETag', etag])
      response.end()
      this.#finish(NOT_MODIFIED, 0)
      return
    }
    const { length } = bytes
    response.writeHead(
      200,
      // prettier-ignore
      ['Cache-Control', 'no-store', 'Content-Length', String(length), 'Content-Type', contentType, 'ETag', etag],
    )
    response.end(method === 'HEAD' ? undefined : bytes)
    this.#finish(200, method === 'HEAD' ? 0 : length)
  }

  #sendStored(found: PhoneAnswer, stored: StoredFile): void {
    sendStored(this.#request, this.#response, found, stored).then(
      ({ status, bytes }) => this.#finish(status, bytes),
      (error: unknown) => this.#fail(error),
    )
  }

  #refuse(): void {
    const challenge = this.#challenge
    const status = challenge === null ? 404 : 401
    this.#response.writeHead(status, challenge === null ? REFUSAL_HEADERS : [...REFUSAL_HEADERS, ...challenge])
    this.#response.end()
    this.#finish(status, 0)
  }

  #fail(error: unknown): void {
    const response = this.#response
    this.#tools.warn({ err: error, path: this.#shownPath }, 'phone answer failed')
    // In the middle of a file there is no other way to say it.
    if (response.headersSent) response.destroy()
    else response.writeHead(500, REFUSAL_HEADERS).end()
    this.#finish(500, 0)
  }

  #finish(status: number, bytes: number): void {
    const { method = '' } = this.#request
    const ms = performance.now() - this.#beganAtMs
    this.#tools.access.note({ address: this.#address, method, path: this.#shownPath, status, bytes, ms })
  }

  get #shownPath(): string | null {
    return this.#path === null ? null : maskTokens(this.#path)
  }
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
