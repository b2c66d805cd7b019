import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const SCENE = 'test/db/scenes/hold-server.ts'
const CHECKOUT = join(import.meta.dirname, '..', '..')
export const NOBODY = 65534

/** What a process says that tried to join: where the server is, or why it is not. */
export type Report = { url: string; code?: undefined } | { url?: undefined; code: string; message: string }

/** A process of its own that takes part in an embedded server. */
export type Holder = {
  pid: number
  report: Promise<Report>
  leave: () => Promise<void>
  kill: () => Promise<void>
}

export type HolderOptions = { checkout?: string; unprivileged?: boolean }

export function startHolder(folder: string, options: HolderOptions = {}): Holder {
  const scene = join(options.checkout ?? CHECKOUT, SCENE)
  const words = [...(options.unprivileged ? asNobody() : []), process.execPath, scene, folder]
  const child = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' })
  return {
    pid: child.pid!,
    report: readReport(child),
    leave: () => end(child, () => child.stdin.end()),
    kill: () => end(child, () => child.kill('SIGKILL')),
  }
}

/** Who is not root stays as they are. A checkout in a private folder needs a capability to be read, not to be written. */
function asNobody(): string[] {
  if (process.getuid?.() !== 0) return []
  const words = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
  return isOpenToAll(CHECKOUT) ? words : [...words, '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search']
}

function isOpenToAll(folder: string): boolean {
  accessSync(folder, constants.R_OK)
  const isOpen = (statSync(folder).mode & 0o005) === 0o005
  return isOpen && (folder === '/' || isOpenToAll(dirname(folder)))
}

async function readReport(child: ChildProcess): Promise<Report> {
  const lines = createInterface({ input: child.stdout! })
  for await (const line of lines) return JSON.parse(line) as Report
  throw new Error(`the process ended without a word (${child.exitCode ?? child.signalCode})`)
}

async function end(child: ChildProcess, tell: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  tell()
  await ended
}
