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
const FULL_CHARACTERS = 64 * 1024
const MAX_PATH_CHARACTERS = 128

/** They are ASCII, which goes out as it is in memory. */
export const writeToStdout: WriteLines = (lines) => void stdout.write(lines, 'latin1')

/**
 * One line of JSON for each request, in the form of the other lines of the log. They are written together after a
 * moment: with a write for each, or through a logger that can do everything, the line costs as much as the answer.
 */
export class AccessLog {
  readonly #write: WriteLines
  #lines = ''
  #timer: NodeJS.Timeout | null = null
  #second = 0
  #secondText = ''

  constructor(write: WriteLines) {
    this.#write = write
  }

  note({ address, method, path, status, bytes, ms }: AccessEntry): void {
    this.#lines +=
      `{"level":30,"time":"${this.#time()}","address":"${address}","method":"${method}","path":"${path === null ? '(unreadable)' : toPrintable(path, MAX_PATH_CHARACTERS)}",` +
      `"status":${status},"bytes":${bytes},"ms":${showHundredths(ms)},"msg":"phone request"}\n`
    if (this.#lines.length >= FULL_CHARACTERS) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), PAUSE_MS).unref()
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const lines = this.#lines
    this.#lines = ''
    if (lines !== '') this.#write(lines)
  }

  /** ISO 8601 in UTC; the part that stays the same for a second is made once. */
  #time(): string {
    const nowMs = Date.now()
    const second = Math.floor(nowMs / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#secondText = new Date(second * 1000).toISOString().slice(0, 20)
    }
    return `${this.#secondText}${String(nowMs % 1000).padStart(3, '0')}Z`
  }
}

/** As `toFixed(2)` has it, which takes as long as all the rest of a line. */
function showHundredths(ms: number): string {
  const hundredths = Math.round(ms * 100)
  const rest = hundredths % 100
  return `${(hundredths - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`
}
