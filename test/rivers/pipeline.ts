import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** `Date: Sun, 06 Nov 1994 08:49:37 GMT` says when it was asked and nothing else; its length never changes (RFC 9110). */
const DATE = 'Date: '
const DATE_LENGTH = 29

/** A connection that is kept: requests go out many at a time, the answers come back in their order (RFC 9112, 9.3.2). */
export class Pipeline {
  readonly #socket: Socket
  #heard: Buffer[] = []
  #length = 0
  #wake: (() => void) | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.#heard.push(chunk)
      this.#length += chunk.length
      this.#wake?.()
    })
    socket.on('error', () => undefined).on('close', () => this.#wake?.())
  }

  static async open(port: number, localAddress = '127.0.0.1'): Promise<Pipeline> {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    await once(socket, 'connect')
    return new Pipeline(socket)
  }

  /** Asks for these paths and returns as many bytes as their answers have together, or what came until the end. */
  async ask(paths: readonly string[], bytes: number, headers = ''): Promise<Buffer> {
    this.#socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: phones\r\n${headers}\r\n`).join(''))
    while (this.#length < bytes && !this.#socket.closed) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = null
    }
    const heard = this.#heard.length === 1 ? this.#heard[0]! : Buffer.concat(this.#heard)
    this.#heard = []
    this.#length = 0
    return heard
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** The one answer to a path that nobody serves, with its date blanked, as it came over a fresh connection. */
export async function learnRefusal(port: number, path: string): Promise<Buffer> {
  const pipeline = await Pipeline.open(port)
  const answer = await pipeline.ask([path], 1)
  pipeline.close()
  return blankDate(answer)
}

/** Which of these paths got another answer than this one, byte by byte; their answers stand one behind the other. */
export function findOthers(paths: readonly string[], answers: Buffer, refusal: Buffer): string[] {
  const length = refusal.length
  const others = paths.filter((_, at) => {
    const answer = blankDate(answers.subarray(at * length, (at + 1) * length))
    return !answer.equals(refusal)
  })
  return others.length === 0 && answers.length !== paths.length * length ? [`more than was asked for`] : others
}

function blankDate(answer: Buffer): Buffer {
  const at = answer.indexOf(DATE)
  if (at >= 0) answer.fill('-', at + DATE.length, at + DATE.length + DATE_LENGTH)
  return answer
}
