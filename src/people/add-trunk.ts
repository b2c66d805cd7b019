import { applyChanges } from '../apply/apply-changes.ts'
import { outboxEntries, writeOutbox } from '../apply/outbox-entries.ts'
import { writeAudit } from '../db/audit.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { projectTrunk } from '../plan/asterisk-rows.ts'
import { diffAsterisk, diffOwn } from '../plan/diff.ts'
import type { Row } from '../plan/row.ts'
import { asOnlyWriter, codecOf, type PeopleDesk } from './desk.ts'

const NAME = /^[a-z0-9-]{1,20}$/
/** Addresses or networks, as `match` of an identify object takes them. Host names would be looked up once, at load. */
const MATCH = /^[0-9a-fA-F.:]+(\/\d{1,3})?(,[0-9a-fA-F.:]+(\/\d{1,3})?)*$/

/** A carrier that is known by its addresses: calls from there reach public numbers. @throws AppError `input-invalid` */
export async function addTrunk(
  desk: PeopleDesk,
  tenant: Tenant,
  trunk: { name: string; match: string },
  actor: string,
): Promise<void> {
  if (!NAME.test(trunk.name))
    throw new AppError('input-invalid', 'A trunk name is 1 to 20 lower-case letters, digits or hyphens.')
  if (!MATCH.test(trunk.match))
    throw new AppError('input-invalid', 'A trunk is known by addresses or networks, e.g. 192.0.2.10 or 192.0.2.0/24.')
  await asOnlyWriter(desk, tenant, async (client) => {
    const taken = await client.query('select from trunks where tenant_id = $1 and name = $2', [tenant.id, trunk.name])
    if (taken.rowCount) throw new AppError('input-invalid', `There is a trunk ${trunk.name} already.`)
    const { rows } = await client.query<{ id: number }>(`select nextval('ids') as id`)
    const row: Row = { id: rows[0]!.id, tenant_id: tenant.id, ...trunk }
    const theirs = diffAsterisk(
      [],
      projectTrunk(tenant, row),
      { asterisk: new Map(), owned: new Set() },
      { adopt: false, row: 0 },
    )
    const changes = [...diffOwn([], [{ table: 'offhook.trunks', row }]), ...theirs.changes]
    await applyChanges(client, changes, tenant.id, codecOf(desk, tenant))
    await writeOutbox(client, tenant.id, outboxEntries(changes))
    await writeAudit(client, {
      tenantId: tenant.id,
      actor,
      action: 'trunk-add',
      object: trunk.name,
      detail: { match: trunk.match },
    })
  })
}
