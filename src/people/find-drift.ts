import type pg from 'pg'
import { applyChanges } from '../apply/apply-changes.ts'
import { outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { readRows } from '../apply/read-rows.ts'
import { writeAudit } from '../db/audit.ts'
import type { Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Problem } from '../model/problem.ts'
import { projectPerson, projectTrunk, type TableRow } from '../plan/asterisk-rows.ts'
import type { Change } from '../plan/change.ts'
import { assetKey, assetKeyOf, diffAsterisk } from '../plan/diff.ts'
import { projectGroup } from '../plan/queue-rows.ts'
import type { Row } from '../plan/row.ts'
import { isAsteriskTable, ledgerTable, TABLE_NAMES, type TableName, tableSpec } from '../plan/tables.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'
import { readPeopleRows } from './read-people-rows.ts'
import { readVacancies } from './kept-mailboxes.ts'
import { openProjection } from './supply.ts'

export type Drift = { changes: Change[]; problems: Problem[]; fixed: boolean }

/** Compares what Asterisk's tables hold with what follows from ours, for a whole tenant; repairs it if asked. */
export async function findDrift(
  desk: PeopleDesk,
  tenant: Tenant,
  options: { fix: boolean; actor: string },
): Promise<Drift> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const desired = await projectTenant(client, desk, tenant)
    const owned = await readLedger(client, tenant.id)
    const state = { asterisk: await readAssets(client, desired, owned, desk, tenant), owned: new Set(owned.keys()) }
    // What we once projected is what we own: a row of ours that nothing asks for any more goes away.
    const current = [...owned.values()].flatMap(({ table, key }) => {
      const row = state.asterisk.get(assetKey(table, key))
      return row ? [{ table, row }] : []
    })
    const { changes, problems } = diffAsterisk([...current, ...desired], desired, state, { adopt: false, row: 0 })
    if (options.fix && changes.length > 0) {
      await applyChanges(client, changes, tenant.id, codecOf(desk, tenant))
      await writeOutbox(client, tenant.id, outboxEntries(changes))
      const detail = { rows: changes.map(({ table, key }) => `${table} ${key}`).slice(0, 100), count: changes.length }
      await writeAudit(client, {
        tenantId: tenant.id,
        actor: options.actor,
        action: 'drift-fix',
        object: tenant.slug,
        detail,
      })
    }
    return { changes, problems, fixed: options.fix }
  })
}

async function projectTenant(client: Queryable, desk: PeopleDesk, tenant: Tenant): Promise<TableRow[]> {
  const codec = codecOf(desk, tenant)
  const { rows } = await client.query<{ id: number }>('select id from users where tenant_id = $1', [tenant.id])
  const { people } = await readPeopleRows(
    client,
    rows.map(({ id }) => id),
    codec,
  )
  const supply = openProjection(desk)
  const trunks = await readRows(client, 'offhook.trunks', 't.tenant_id = $1', [tenant.id], codec)
  const groups = await readRows(client, 'offhook.groups', 't.tenant_id = $1', [tenant.id], codec)
  return [
    ...people.flatMap((person) => projectPerson(tenant, person, supply)),
    ...(await readVacancies(client, codec)).flatMap((vacancy) => projectPerson(tenant, vacancy, supply)),
    ...groups.flatMap((group) => projectGroup(tenant, group)),
    ...trunks.flatMap((trunk) => projectTrunk(tenant, trunk)),
  ]
}

type Owned = { table: TableName; key: string }

async function readLedger(client: Queryable, tenantId: number): Promise<Map<string, Owned>> {
  const { rows } = await client.query<{ table: TableName; key: string }>(
    'select table_name as table, row_key as key from owned_rows where tenant_id = $1',
    [tenantId],
  )
  const listedAs = Map.groupBy(TABLE_NAMES.filter(isAsteriskTable), ledgerTable)
  const owned = rows.flatMap(({ table, key }) => (listedAs.get(table) ?? []).map((of): Owned => ({ table: of, key })))
  return new Map(owned.map((row) => [assetKey(row.table, row.key), row]))
}

async function readAssets(
  client: pg.ClientBase,
  desired: TableRow[],
  owned: Map<string, Owned>,
  desk: PeopleDesk,
  tenant: Tenant,
): Promise<Map<string, Row>> {
  const found = new Map<string, Row>()
  const wanted = new Set([...desired.map(assetKeyOf), ...owned.keys()])
  for (const table of TABLE_NAMES) {
    const prefix = assetKey(table, '')
    const keys = [...wanted].filter((asset) => asset.startsWith(prefix)).map((asset) => asset.slice(prefix.length))
    if (keys.length === 0) continue
    const identity = tableSpec(table)
      .key.map((name) => `t."${name}"::text`)
      .join(` || '/' || `)
    const rows = await readRows(client, table, `${identity} = any ($1)`, [keys], codecOf(desk, tenant))
    for (const row of rows) found.set(assetKeyOf({ table, row }), row)
  }
  return found
}
