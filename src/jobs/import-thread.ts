import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { openInstallation } from '../db/installation.ts'
import { createPool } from '../db/pool.ts'
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

const loop = startDrainLoop({
  ...{ url, channel: 'offhook_imports', gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'imports', log },
  async drain(closing) {
    while (!closing.aborted) {
      const work = await workOnImport(owner, desk)
      if (!work) return
      log.info({ import: work.id, did: work.did, state: work.outcome?.state ?? null }, 'import')
    }
  },
})

port.once('message', () => {
  void loop
    .close()
    .then(() => Promise.all([owner.end(), pool.end()]))
    .finally(() => port.close())
})
