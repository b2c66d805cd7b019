import type { Socket } from 'node:net'
import { AppError } from '../../model/app-error.ts'
import { encodeAction, type AmiHeaders } from './encode-action.ts'
import { MessageReader } from './message-reader.ts'
import type { AmiMessage } from './message.ts'
import { PendingActions } from './pending-actions.ts'
import { Pulse } from './pulse.ts'
import type { AmiTiming } from './timing.ts'

const ID_PREFIX = 'offhook-'
const BANNER = 'Asterisk Call Manager/'

/** How an action is sent: as a list or not, and how long its answer may take. */
export interface SendOptions {
  readonly list?: boolean
  readonly timeoutMs?: number
}

/** One socket to Asterisk's manager interface, from the banner to the end. It does not come back; the client does. */
export class AmiConnection {
  /** Resolves when Asterisk has greeted; rejects when something else did, or when the connection ended before. */
  readonly greeted: Promise<void>
  /** Resolves with the reason when the connection is over. */
  readonly ended: Promise<AppError>
  readonly #socket: Socket
  readonly #timing: AmiTiming
  readonly #onEvent: (event: AmiMessage) => void
  readonly #reader = new MessageReader()
  readonly #pending = new PendingActions()
  #pulse: Pulse | undefined
  readonly #greeting = Promise.withResolvers<undefined>()
  readonly #ending = Promise.withResolvers<AppError>()
  #sent = 0
  #over: AppError | undefined

  constructor(socket: Socket, timing: AmiTiming, onEvent: (event: AmiMessage) => void) {
    this.#socket = socket
    this.#timing = timing
    this.#onEvent = onEvent
    this.greeted = this.#greeting.promise
    this.ended = this.#ending.promise
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (error) => this.end(`The connection to Asterisk failed: ${error.message}`, error))
    socket.on('close', () => this.end('Asterisk closed the connection'))
  }

  /**
   * Sends one action and resolves with its response, or with the items of its list.
   * @throws AppError `ami-value-unsafe`, `ami-action-failed`, `ami-unreachable`
   */
  async send(action: string, headers: AmiHeaders, options: SendOptions = {}): Promise<AmiMessage[]> {
    if (this.#over) throw this.#over
    const id = `${ID_PREFIX}${++this.#sent}`
    const text = encodeAction(action, id, headers)
    const { list = false, timeoutMs = this.#timing.answerWithinMs } = options
    const answer = this.#pending.add(id, { action, list, timeoutMs })
    this.#socket.write(text)
    return answer
  }

  /** Once logged in: pings when it is quiet and ends the connection when the answer stays away. */
  watch(): void {
    if (this.#over) return
    this.#pulse = new Pulse(this.#timing, {
      // A Ping that fails needs no word of its own: the silence, or the end of the connection, says it.
      ping: () => void this.send('Ping', []).catch(() => undefined),
      dead: () => this.end('Asterisk has stopped answering'),
      busyUntilMs: () => this.#pending.busyUntilMs(this.#timing.answerWithinMs),
    })
  }

  /** Ends the connection and rejects what waits for an answer. The first reason stands. */
  end(reason: string, cause?: unknown): void {
    if (this.#over) return
    const error = new AppError('ami-unreachable', reason, { cause })
    this.#over = error
    this.#pulse?.stop()
    this.#socket.destroy()
    this.#pending.rejectAll(error)
    this.#greeting.reject(error)
    this.#ending.resolve(error)
  }

  #receive(chunk: Buffer): void {
    let messages: AmiMessage[]
    try {
      messages = this.#reader.push(chunk)
    } catch (error) {
      this.end(error instanceof Error ? error.message : 'The AMI peer sent garbage', error)
      return
    }
    const { banner } = this.#reader
    if (banner?.startsWith(BANNER) === false) this.end('The peer did not greet as an Asterisk manager interface')
    else if (banner !== undefined) this.#greeting.resolve(undefined)
    if (messages.length > 0) this.#pulse?.heard()
    for (const message of messages) {
      if (this.#over) return
      this.#dispatch(message)
    }
  }

  #dispatch(message: AmiMessage): void {
    const id = message.get('actionid')
    if (id?.startsWith(ID_PREFIX)) this.#pending.settle(id, message)
    else if (message.get('event') !== undefined) this.#onEvent(message)
  }
}
