import { StringDecoder } from 'node:string_decoder'
import { AppError } from '../../model/app-error.ts'
import { AmiMessage } from './message.ts'

/** Far above what Asterisk sends (its longest lines are dialplan rows and codec lists), small enough to hold. */
const MAX_LINE_CHARS = 64 * 1024
const MAX_MESSAGE_CHARS = 1024 * 1024

/**
 * Cuts the byte stream of one AMI connection into messages. Chunks may end anywhere, also inside a UTF-8 character.
 * The first line is the banner, which no empty line follows.
 */
export class MessageReader {
  banner: string | undefined
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #searched = 0
  #headers: [string, string][] = []
  #messageChars = 0

  /**
   * Takes the next bytes and returns the messages that they complete.
   * @throws AppError `ami-unreachable` when a line or message exceeds what a manager interface sends.
   */
  push(chunk: Buffer): AmiMessage[] {
    this.#rest += this.#decoder.write(chunk)
    const messages: AmiMessage[] = []
    let start = 0
    // Only CRLF ends a line: some values (SorceryMemoryCacheExpireObject's Message) end in a bare \n.
    let end = this.#rest.indexOf('\r\n', this.#searched)
    while (end !== -1) {
      const message = this.#takeLine(this.#rest.slice(start, end))
      if (message) messages.push(message)
      start = end + 2
      end = this.#rest.indexOf('\r\n', start)
    }
    this.#rest = this.#rest.slice(start)
    this.#searched = Math.max(0, this.#rest.length - 1)
    refuseOverlong(this.#rest.length, MAX_LINE_CHARS, 'line')
    return messages
  }

  #takeLine(line: string): AmiMessage | undefined {
    refuseOverlong(line.length, MAX_LINE_CHARS, 'line')
    if (this.banner === undefined) {
      this.banner = line
      return undefined
    }
    if (line === '') return this.#finishMessage()
    this.#messageChars += line.length
    refuseOverlong(this.#messageChars, MAX_MESSAGE_CHARS, 'message')
    const colon = line.indexOf(':')
    if (colon > 0) {
      const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
      this.#headers.push([line.slice(0, colon).toLowerCase(), value.endsWith('\n') ? value.trimEnd() : value])
    }
    return undefined
  }

  /** A Message that ends in a newline of its own is followed by a second empty line: that is no message. */
  #finishMessage(): AmiMessage | undefined {
    const headers = this.#headers
    this.#headers = []
    this.#messageChars = 0
    return headers.length > 0 ? new AmiMessage(headers) : undefined
  }
}

function refuseOverlong(chars: number, limit: number, what: string): void {
  if (chars > limit) {
    throw new AppError('ami-unreachable', `The AMI peer sent a ${what} of more than ${limit} characters`)
  }
}
