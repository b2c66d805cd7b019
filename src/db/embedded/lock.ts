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
    breakIfAbandoned(folder)
    await sleep(STEP_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function tryTake(folder: string): boolean {
  if (!tryMake(folder)) return false
  writeFileSync(join(folder, 'pid'), String(process.pid))
  return true
}

function tryMake(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * One process at a time looks and removes: of two that both saw a dead owner, the slower one would else remove the lock
 * that the faster one has just taken.
 */
function breakIfAbandoned(folder: string): void {
  if (!isAbandoned(folder)) return
  const breaking = `${folder}.breaking`
  if (tryMake(breaking)) {
    if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true })
    rmSync(breaking, { recursive: true, force: true })
  } else if (isOlderThan(breaking, OWNERLESS_MS)) rmSync(breaking, { recursive: true, force: true })
}

function isAbandoned(folder: string): boolean {
  const pid = readOwner(folder)
  return pid > 0 ? !isRunning(pid) : isOlderThan(folder, OWNERLESS_MS)
}

/** 0 when the owner has not signed yet, or was killed before it could. */
function readOwner(folder: string): number {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'))
  } catch {
    return 0
  }
}

function isOlderThan(path: string, ms: number): boolean {
  const made = statSync(path, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.ctimeMs > ms
}

/** Signal 0 only asks whether the process is there. */
export function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false // 0 would mean our own group
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
