import type pg from 'pg'
import type { RowCodec } from '../apply/column-codec.ts'
import type { Installation } from '../db/installation.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { PlanModel } from '../plan/supply.ts'
import type { Vault } from '../secrets/vault.ts'

/** What work on people needs; made once by the composition root. */
export type PeopleDesk = {
  /** Connections of the role offhook_app. */
  pool: pg.Pool
  vault: Vault
  installation: Installation
  /** By lower-case name. */
  models: ReadonlyMap<string, PlanModel>
  /** Asked by whoever has become the only writer of a tenant, before anything is done; what it throws leaves all as it is. */
  onceAlone?: (client: pg.PoolClient) => Promise<void>
}

export function codecOf(desk: PeopleDesk, tenant: Tenant): RowCodec {
  return { vault: desk.vault, slug: tenant.slug }
}

/**
 * One writer a tenant: whoever comes second waits, and then sees what the first one did. Readers of a plan and phones
 * are not held up.
 */
export function asOnlyWriter<T>(
  desk: PeopleDesk,
  tenant: Tenant,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, $2)', [WRITER_LOCK, tenant.id % 0x7fffffff])
    await desk.onceAlone?.(client)
    return work(client)
  })
}

const WRITER_LOCK = 0x0ff
