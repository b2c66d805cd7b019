import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { settlesWithin } from '../db/settles-within.ts'
import type { Log } from '../model/log.ts'
import type { ImportThreadSays, ImportThreadStart } from './import-thread.ts'

/** More than the largest import takes; one that takes more shall not take the phones with it. */
const HEAP_MB = 1_024
/** Much that an import makes dies young. */
const NURSERY_MB = 32
const RESTART_AFTER_MS = 1_000
/** The thread itself ends before that, unless it computes all the time. */
const STOP_WITHIN_MS = 3_500

/**
 * Plans and applies stored imports in a thread of its own, so that reading a large file holds up no phone. A thread that
 * ends, for want of memory say, is started again; after some attempts the import that ended it is given up.
 */
export function startImportWorker(options: ImportThreadStart & { log: Log }) {
  const { log, ...start } = options
  const closing = new AbortController()
  let thread = open()
  const running = keepOpen()

  function open(): Worker {
    const worker = new Worker(new URL('./import-thread.ts', import.meta.url), {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: NURSERY_MB },
    })
    worker.on('message', ({ level, fields, text }: ImportThreadSays) => log[level](fields, text))
    worker.on('error', (error: Error) => log.error({ error: error.message }, 'the import thread ended'))
    return worker
  }

  async function keepOpen(): Promise<void> {
    for (;;) {
      await exitOf(thread)
      await sleep(RESTART_AFTER_MS, undefined, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      thread = open()
    }
  }

  return {
    /** Lets the import that is under way end if that is soon; else it is taken back and begun again by whoever serves next. */
    async close() {
      closing.abort()
      thread.postMessage('stop')
      if (await settlesWithin(running, STOP_WITHIN_MS)) return
      await thread.terminate()
      await running
    },
  }
}

/** Not `once`: that rejects when the thread has failed, and it exits after that. */
function exitOf(thread: Worker): Promise<void> {
  return new Promise((resolve) => thread.once('exit', () => resolve()))
}
