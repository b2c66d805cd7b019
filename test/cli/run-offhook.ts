import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const MAIN = join(ROOT, 'src', 'main.ts')
/** Half the time of a short command goes into stripping types; the cache knows by content what has changed. */
const NODE_COMPILE_CACHE = join(ROOT, '.cache', 'compiled')

export type Ran = { code: number | null; stdout: string; stderr: string }

/** A command that is under way. */
export type Running = { child: ChildProcess; ended: Promise<Ran> }

/** Starts `offhook` as a process of its own that knows nothing of the environment but these variables. */
export function startOffhook(words: readonly string[], env: Record<string, string>, input?: string): Running {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { PATH: process.env['PATH'], HOME: '/', NODE_COMPILE_CACHE, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => undefined).end(input ?? '')
  const read = (stream: NodeJS.ReadableStream) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    return () => Buffer.concat(chunks).toString('utf8')
  }
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)]
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout: stdout(), stderr: stderr() }))
  })
  return { child, ended }
}

/** Runs `offhook` to its end. */
export function runOffhook(words: readonly string[], env: Record<string, string>, input?: string): Promise<Ran> {
  return startOffhook(words, env, input).ended
}
