import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { endPool } from '../db/end-pool.ts'
import { forgiveAttempt } from '../db/import-claims.ts'
import { openInstallation } from '../db/installation.ts'
import { createPool } from '../db/pool.ts'
import { settlesWithin } from '../db/settles-within.ts'
import type { Log } from '../model/log.ts'
import { Secret } from '../model/secret.ts'
import type { PeopleDesk } from '../people/desk.ts'
import { workOnImport } from '../people/stored-imports/work-on-import.ts'
import { createVault } from '../secrets/vault.ts'
import { startDrainLoop } from './drain-loop.ts'

/** What the thread is started with. `url` and `key` hold secrets; they go from thread to thread and nowhere else. */
export type ImportThreadStart = {
  url: string
  key: string
  models: PeopleDesk['models']
}

/** What it says is for the log. */
export type ImportThreadSays = { level: keyof Log; fields: object; text: string }

/** An admin waits for it. */
const GATHER_MS = 10
/** A process that died leaves its work to whoever looks next. */
const SWEEP_MS = 5_000

/** Phones go first where both want the processor. On Linux this holds for the thread that says it, not for the process. */
const NICENESS = 5
if (process.platform === 'linux') setPriority(NICENESS)

const { url, key, models } = workerData as ImportThreadStart
const port = parentPort!
const say = (level: keyof Log) => (fields: object, text: string) =>
  port.postMessage({ level, fields, text } satisfies ImportThreadSays)
const log: Log = { info: say('info'), warn: say('warn'), error: say('error') }
const owner = createPool(url, 'owner', { max: 2 })
const pool = createPool(url, 'offhook_app', { max: 4 })
const vault = createVault(new Secret(key))
const desk = { pool, vault, models, installation: await openInstallation(owner, vault) }

/** The import that is under way. */
let current: number | null = null

const loop = startDrainLoop({
  ...{ url, channel: 'offhook_imports', gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'imports', log },
  async drain(closing) {
    while (!closing.aborted) {
      const work = await workOnImport(owner, desk, { onClaim: (id) => (current = id) })
      current = null
      if (!work) return
      log.info({ import: work.id, did: work.did, state: work.outcome?.state ?? null }, 'import')
    }
  },
})

/** An import that takes longer is taken back and begun again by whoever serves next. */
const STOP_WITHIN_MS = 2_000

async function stop(): Promise<void> {
  const closed = loop.close()
  const isDone = await settlesWithin(closed, STOP_WITHIN_MS)
  await Promise.all([endPool(owner, 0), endPool(pool, 0)])
  if (isDone || current === null) return
  // It was stopped: that is no sign of an import that cannot be done.
  const last = createPool(url, 'owner', { max: 1 })
  await forgiveAttempt(last, current)
  await last.end()
}

port.once('message', () => {
  stop()
    .catch((error: unknown) => log.warn({ error: (error as Error).message }, 'the import thread was stopped'))
    .finally(() => port.close())
})
