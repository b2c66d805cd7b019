import { setTimeout as sleep } from 'node:timers/promises'
import { isDue } from '../db/imports.ts'
import { viewImport } from '../people/stored-imports/view-import.ts'
import { workOnImport } from '../people/stored-imports/work-on-import.ts'
import type { App } from './app.ts'
import { createProgressBar } from './progress-bar.ts'

const WAIT_MS = 200

/**
 * Does what is due on an import and draws how far it is. A server that runs beside us may be quicker; then there is
 * nothing left to do here but to wait for it.
 */
export async function workUntilDone(app: App, importId: number): Promise<void> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const bar = createProgressBar()
  const work = { importId, onProgress: bar.show }
  while (isDue((await viewImport(desk, tenant, importId)).state))
    if (!(await workOnImport(await app.owner(), desk, work))) await sleep(WAIT_MS)
  bar.end()
}
