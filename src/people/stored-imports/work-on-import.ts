import type pg from 'pg'
import { claimImport, type ImportClaim } from '../../db/import-claims.ts'
import { type ImportProgress, writeProgress } from '../../db/import-progress.ts'
import { type DueState, giveUpUndoing, refuseCorrections, setImportState } from '../../db/imports.ts'
import { inTransaction } from '../../db/pool.ts'
import { readTenant, type Tenant } from '../../db/tenants.ts'
import { tellWaiting } from '../../db/waiting-phones.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'
import type { ImportOutcome } from '../import-outcome.ts'
import { undoImport } from '../undo-import.ts'
import { emitEvents } from '../webhooks/emit-events.ts'
import { applyStoredImport } from './apply-stored-import.ts'
import { takeCorrections } from './correct-import.ts'
import { planStoredImport } from './plan-stored-import.ts'

/** An import that was begun so often and never finished is no longer tried: it would stop all others. */
const MOST_ATTEMPTS = 5
const PROGRESS_EVERY_MS = 250

/** `outcome` of planning and applying. */
export type ImportWork = { id: number; did: DueState; outcome: ImportOutcome | null }

export type WorkOptions = {
  /** Only this one. */
  importId?: number | undefined
  onProgress?: ((progress: ImportProgress) => void) | undefined
  /** Hears which one it is before anything is done. */
  onClaim?: ((importId: number) => void) | undefined
}

/**
 * Does what is due on one import, whichever process was to do it before: plans it, applies it, takes corrections in or
 * takes it back. Null when nothing is due. What is wrong with the import itself ends that, with a note; everything else
 * is thrown and tried again.
 */
export async function workOnImport(
  owner: pg.Pool,
  desk: PeopleDesk,
  { importId, onProgress, onClaim }: WorkOptions = {},
): Promise<ImportWork | null> {
  const claim = await claimImport(owner, importId)
  if (!claim) return null
  onClaim?.(claim.id)
  try {
    const progress = openProgress(desk, claim, onProgress)
    try {
      return {
        id: claim.id,
        did: claim.state,
        outcome: await work(owner, desk, claim, (step) => progress.report(step)),
      }
    } finally {
      await progress.close()
    }
  } finally {
    await claim.release()
  }
}

async function work(
  owner: pg.Pool,
  desk: PeopleDesk,
  claim: ImportClaim,
  report: (progress: ImportProgress) => void,
): Promise<ImportOutcome | null> {
  const tenant = await readTenant(owner, claim.tenantId)
  if (claim.attempts >= MOST_ATTEMPTS) {
    await giveUp(desk, tenant, claim, `It was begun ${claim.attempts} times and never finished.`)
    return null
  }
  try {
    const outcome = await doWhatIsDue(desk, tenant, claim, report)
    if (outcome?.state === 'applied') await tellWaiting(owner, tenant.id)
    return outcome
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'database-unreachable') throw error
    await giveUp(desk, tenant, claim, error.message)
    return null
  }
}

async function doWhatIsDue(
  desk: PeopleDesk,
  tenant: Tenant,
  { id, state, actor }: ImportClaim,
  report: (progress: ImportProgress) => void,
): Promise<ImportOutcome | null> {
  if (state === 'planning') return planStoredImport(desk, tenant, id, report)
  if (state === 'applying') return applyStoredImport(desk, tenant, id, report)
  if (state === 'correcting') await takeCorrections(desk, tenant, id, actor)
  else await undoImport(desk, tenant, id, actor, report)
  return null
}

/** What cannot be done is not tried again: the import stays as it was before, or has failed if it never came to anything. */
function giveUp(desk: PeopleDesk, tenant: Tenant, { id, state }: ImportClaim, note: string): Promise<void> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    if (state === 'undoing') return giveUpUndoing(client, id, note)
    if (state === 'correcting') return refuseCorrections(client, id, { refused: [], note })
    await setImportState(client, id, 'failed', note)
    await emitEvents(client, tenant, { events: [{ type: 'import.failed', data: { import: { id } } }] })
  })
}

/** Progress goes over a connection of its own, for that of the work shows nothing before it is done; not every step. */
function openProgress(desk: PeopleDesk, claim: ImportClaim, tell: WorkOptions['onProgress']) {
  let writing: Promise<void> | null = null
  let waiting: ImportProgress | null = null
  let writtenAt = 0
  const write = () => {
    const next = waiting
    if (next === null || writing !== null) return
    waiting = null
    writtenAt = performance.now()
    writing = inTransaction(desk.pool, claim.tenantId, (client) =>
      writeProgress(client, { tenantId: claim.tenantId, importId: claim.id }, next),
    )
      .catch(() => undefined) // The work goes on, and ends with a state of its own, whether or not anybody sees how far it is.
      .then(() => {
        writing = null
      })
  }
  return {
    report(progress: ImportProgress) {
      tell?.(progress)
      waiting = progress
      if (progress.phase === 'done' || performance.now() - writtenAt > PROGRESS_EVERY_MS) write()
    },
    async close() {
      await writing
      write()
      await writing
    },
  }
}
