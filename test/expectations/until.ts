import { setTimeout as pause } from 'node:timers/promises'

/** Waits until something holds, at most 20 seconds. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadlineMs = performance.now() + 20_000
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`expected ${what}`)
    await pause(50)
  }
}
