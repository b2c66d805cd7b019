type Say = (fields: object, message: string) => void

/** Where a running part of Offhook says what happens, one line a call; a pino logger is one. */
export type Log = { info: Say; warn: Say; error: Say }

const PAUSE_MS = 5_000
const MOST_KNOWN = 1_000

/**
 * Warns of the same thing, by message and error, once in five seconds and then says how often it happened meanwhile
 * (`times`): in an outage every request of every phone meets it, and their lines would fill a disk.
 * @param clock monotonic milliseconds
 */
export function warnCalmly(log: Pick<Log, 'warn'>, clock: () => number): Say {
  const last = new Map<string, { saidAtMs: number; times: number }>()
  return (fields, message) => {
    const { err } = fields as { err?: unknown }
    const what = `${message}: ${err instanceof Error ? err.message : ''}`
    const known = last.get(what)
    if (known && clock() - known.saidAtMs < PAUSE_MS) {
      known.times++
      return
    }
    if (last.size >= MOST_KNOWN) last.clear()
    last.set(what, { saidAtMs: clock(), times: 0 })
    log.warn({ ...fields, times: 1 + (known?.times ?? 0) }, message)
  }
}
