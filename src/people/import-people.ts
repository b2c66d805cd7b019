import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Source } from '../import/read-source.ts'
import { asOnlyWriter, type PeopleDesk } from './desk.ts'
import { type ImportOutcome, startSummary } from './import-outcome.ts'
import { type ImportOptions, openImport } from './open-import.ts'
import { planInChunks } from './plan-chunks.ts'
import { Refused, writeImport } from './write-import.ts'

export type ImportRequest = {
  tenant: Tenant
  /** File name or other origin, for the history. */
  source: string
  actor: string
  input: Source
  options: ImportOptions
}

/** What would happen: the import without its last step. */
export async function previewImport(desk: PeopleDesk, request: ImportRequest): Promise<ImportOutcome> {
  const { tenant, options } = request
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const opened = await openImport(client, desk, request)
    const summary = startSummary(opened, options)
    const missing = await planInChunks(client, desk, { tenant, opened, options }, (people) => {
      summary.add(people)
    })
    return summary.finish('previewed', null, missing)
  })
}

/**
 * Plans and applies in one transaction, as the tenant's only writer, so the plan cannot be stale. With problems nothing
 * is written, unless only the valid rows were asked for.
 */
export async function applyImport(desk: PeopleDesk, request: ImportRequest): Promise<ImportOutcome> {
  try {
    return await asOnlyWriter(desk, request.tenant, (client) => writeImport(client, desk, request))
  } catch (error) {
    if (error instanceof Refused) return error.outcome
    throw error
  }
}
