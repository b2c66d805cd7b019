import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Changes, PATIENCE_MS } from './waiting.ts'

const STOP_WITHIN_MS = 5_000

/** A softphone of somebody else's making, running headless; what it prints is kept and waited for. */
export class SoftphoneProcess {
  readonly #child: ChildProcess
  readonly #name: string
  readonly #changes = new Changes()
  #output = ''
  /** Up to where a wait has already looked. */
  #read = 0

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#child = child
    const keep = (chunk: Buffer): void => {
      this.#output += chunk.toString('utf8')
      this.#changes.notify()
    }
    child.stdout!.on('data', keep)
    child.stderr!.on('data', keep)
    // A program that ended by itself shows in every wait; the pipe to it is then gone.
    child.stdin!.on('error', () => undefined)
    child.on('exit', () => this.#changes.notify())
  }

  /** Starts it in a folder of its own, with no more of our environment than PATH; it dies with us. */
  static async start(program: string, args: readonly string[], folder: string): Promise<SoftphoneProcess> {
    const env = { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C', TZ: 'UTC' }
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { cwd: folder, env, stdio: 'pipe' })
    await once(child, 'spawn')
    return new SoftphoneProcess(program.slice(program.lastIndexOf('/') + 1), child)
  }

  /** Everything it printed. */
  get output(): string {
    return this.#output
  }

  /** Types a line into it. */
  type(line: string): void {
    this.#child.stdin!.write(`${line}\n`)
  }

  /** Waits for the next output that matches and has not been waited for. @throws Error that shows the last output */
  async waitFor(pattern: RegExp, expected: string, timeoutMs: number = PATIENCE_MS): Promise<RegExpExecArray> {
    const probe = (): RegExpExecArray | undefined => {
      const match = pattern.exec(this.#output.slice(this.#read))
      if (match) {
        this.#read += match.index + match[0].length
        return match
      }
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`expected ${expected}, but ${this.#name} ended: ${this.#lastLines()}`)
      }
      return undefined
    }
    return this.#changes.until(probe, expected, timeoutMs, () => `${this.#name} printed: ${this.#lastLines()}`)
  }

  /** Forgets what was printed so far. */
  skip(): void {
    this.#read = this.#output.length
  }

  /** Ends it: politely first, by force after five seconds. */
  async stop(ask: (child: ChildProcess) => void): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    ask(this.#child)
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(late)
  }

  #lastLines(): string {
    return this.#output.trimEnd().split('\n').slice(-8).join('\n')
  }
}
