import type { Response } from 'express'
import { isDue } from '../../db/imports.ts'
import type { ViewedImport } from '../../people/stored-imports/view-import.ts'

const LOOK_EVERY_MS = 500
const HEARTBEAT_MS = 15_000
/** A browser connects again by itself; so nobody looks for longer than somebody listens. */
const MOST_MS = 10 * 60_000

/**
 * Writes server-sent events until nothing is under way any more: an event `progress` for every change of state or
 * progress, and an event `end`.
 */
export async function followImport(response: Response, look: () => Promise<ViewedImport>): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  let last = ''
  const endsAtMs = performance.now() + MOST_MS
  let saidAtMs = performance.now()
  const say = (text: string) => {
    saidAtMs = performance.now()
    response.write(text)
  }
  response.flushHeaders()
  while (!gone.signal.aborted && performance.now() < endsAtMs) {
    const { id, state, progress, counts, note } = await look()
    const text = JSON.stringify({ id, state, progress, counts, note })
    if (text !== last) say(`event: progress\ndata: ${text}\n\n`)
    else if (performance.now() - saidAtMs > HEARTBEAT_MS) say(': still here\n\n')
    last = text
    if (!isDue(state)) {
      say(`event: end\ndata: ${text}\n\n`)
      break
    }
    await pause(LOOK_EVERY_MS, gone.signal)
  }
  response.end()
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
