import { stdout } from 'node:process'
import { toPrintable } from '../model/printable.ts'

export type AccessEntry = {
  address: string
  method: string
  /** Null: it could not be read, and may hold a token in any spelling. */
  path: string | null
  status: number
  /** Of the body. */
  bytes: number
  ms: number
}

/** Takes whole lines, many at a time. */
export type WriteLines = (lines: string) => void

const PAUSE_MS = 100
/** With fewer, the system calls cost as much as the lines. */
const FULL_BYTES = 64 * 1024
/** More than any line: an address, a method, and a path with each of its characters escaped. */
const LINE_BYTES = 2048
const MAX_PATH_CHARACTERS = 128

/** They are ASCII, which goes out as it is in memory. */
export const writeToStdout: WriteLines = (lines) => void stdout.write(lines, 'latin1')

/**
 * One line of JSON for each request, in the form of the other lines of the log. They are written together after a
 * moment: with a write for each, or through a logger that can do everything, the line costs as much as the answer. Until
 * then they are bytes: as texts they would be a thousand little objects that the garbage collector has to carry along.
 */
export class AccessLog {
  readonly #write: WriteLines
  readonly #lines = Buffer.alloc(FULL_BYTES + LINE_BYTES)
  #length = 0
  #timer: NodeJS.Timeout | null = null
  #beginsAtMs = 0
  #beginning = ''

  constructor(write: WriteLines) {
    this.#write = write
  }

  note({ address, method, path, status, bytes, ms }: AccessEntry): void {
    const shown = path === null ? '(unreadable)' : toPrintable(path, MAX_PATH_CHARACTERS)
    const line =
      `${this.#begin()}${address}","method":"${method}","path":"${shown}",` +
      `"status":${status},"bytes":${bytes},"ms":${showHundredths(ms)},"msg":"phone request"}\n`
    this.#length += this.#lines.write(line, this.#length, 'latin1')
    if (this.#length >= FULL_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), PAUSE_MS).unref()
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#length === 0) return
    const lines = this.#lines.toString('latin1', 0, this.#length)
    this.#length = 0
    this.#write(lines)
  }

  /** Up to the address; made once for all lines of a millisecond, which in a storm are many. */
  #begin(): string {
    const nowMs = Date.now()
    if (nowMs !== this.#beginsAtMs) {
      this.#beginsAtMs = nowMs
      this.#beginning = `{"level":30,"time":"${new Date(nowMs).toISOString()}","address":"`
    }
    return this.#beginning
  }
}

/** As `toFixed(2)` has it, which takes as long as all the rest of a line. */
function showHundredths(ms: number): string {
  const hundredths = Math.round(ms * 100)
  const rest = hundredths % 100
  return `${(hundredths - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`
}
