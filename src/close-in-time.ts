import { settlesWithin } from './db/settles-within.ts'

/** A listener or job that runs. `name` for the log. */
export type Part = { name: string; close(): Promise<unknown> }

/**
 * Has all of them end at once, and waits for them no longer than that: whoever stops a server waits. What a job has not
 * done is stored and done by whoever serves next.
 * @returns what had not ended by then, or could not
 */
export async function closeInTime(parts: readonly Part[], withinMs: number): Promise<string[]> {
  const results = await Promise.all(
    parts.map(async (part) => {
      const ended = await settlesWithin(part.close(), withinMs).catch(() => false)
      return ended ? [] : [part.name]
    }),
  )
  return results.flat()
}
