import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const WAIT_MS = 60_000
const STEP_MS = 50
/** Between making the folder and writing the owner into it lies less than this. */
const OWNERLESS_MS = 2_000

/**
 * Runs `work` while no other process does so with the same folder name. `mkdir` is the atomic step; a lock whose owner
 * is gone (killed with -9) is taken over.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + WAIT_MS
  while (!tryTake(folder)) {
    if (performance.now() > deadline) throw new Error(`still locked after ${WAIT_MS / 1000} s: ${folder}`)
    if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true })
    await sleep(STEP_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function tryTake(folder: string): boolean {
  try {
    mkdirSync(folder)
    writeFileSync(join(folder, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isAbandoned(folder: string): boolean {
  try {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    return pid > 0 && !isRunning(pid)
  } catch {
    const made = statSync(folder, { throwIfNoEntry: false })
    return made !== undefined && Date.now() - made.ctimeMs > OWNERLESS_MS
  }
}

/** Signal 0 only asks whether the process is there. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
