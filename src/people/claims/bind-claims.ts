import type pg from 'pg'
import { writeAudit } from '../../db/audit.ts'
import { queueResyncs } from '../../db/device-resyncs.ts'
import { inTransaction } from '../../db/pool.ts'
import { readTenant, type Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import type { Mac } from '../../model/mac.ts'
import type { PeopleDesk } from '../desk.ts'
import { findUserId } from '../find-user-id.ts'
import { claimPhone } from '../phones/claim-phone.ts'
import { findPhone } from '../phones/find-phone.ts'
import { releasePhones } from '../release-phones.ts'
import { eraseClaimAccounts } from './claim-accounts.ts'

/** How long the phone may fetch its configuration by its MAC address. */
const RELEASE_MINUTES = 15

type Dialled = {
  id: number
  tenantId: number
  mac: Mac
  model: string
  extension: string
  codeId: number
  installer: string
}

/** What became of a claim. `note`: why the phone is not theirs. */
export type BoundClaim = { tenant: string; mac: Mac; extension: string; note: string | null }

/**
 * Gives phones to the people whose extensions were keyed in on them, and has them told to fetch what is theirs.
 * @param owner sees all tenants
 * @throws AppError `database-unreachable`; what keeps a single phone from being given is noted with it
 */
export async function bindClaims(desk: PeopleDesk, owner: pg.Pool): Promise<BoundClaim[]> {
  const { rows } = await owner.query<Dialled>(
    `select p.id, p.tenant_id as "tenantId", p.mac, p.model, p.extension, p.code_id as "codeId", c.installer
     from claim_phones p join claim_codes c on c.id = p.code_id
     where p.dialled_at is not null and p.bound_at is null and p.note is null and p.closed_at is null order by p.dialled_at`,
  )
  const bound: BoundClaim[] = []
  for (const dialled of rows) {
    const { mac, extension } = dialled
    const tenant = await readTenant(owner, dialled.tenantId)
    try {
      await bind(owner, dialled, await give(desk, owner, tenant, dialled))
      bound.push({ tenant: tenant.slug, mac, extension, note: null })
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'database-unreachable') throw error
      await refuse(owner, dialled, error.message)
      bound.push({ tenant: tenant.slug, mac, extension, note: error.message })
    }
  }
  return bound
}

/** @returns the id of the device */
async function give(desk: PeopleDesk, owner: pg.Pool, tenant: Tenant, dialled: Dialled): Promise<number> {
  const { mac, model, extension, codeId, installer } = dialled
  const actor = `claim-code:${codeId} ${installer}`
  const user = await findUserId(desk, tenant, extension)
  const known = await inTransaction(desk.pool, tenant.id, (client) => findPhone(client, desk, tenant, mac))
  // It was theirs already and lost what it knew: all it needs is to be let in.
  if (known?.lines.length && known.people.every((person) => person.user['id'] === user))
    await releasePhones(desk, tenant, { deviceId: Number(known.device['id']), minutes: RELEASE_MINUTES, actor })
  else await claimPhone(desk, owner, tenant, { mac, user, model, minutes: RELEASE_MINUTES }, actor)
  const { rows } = await owner.query<{ id: number }>('select id from devices where mac = $1', [mac])
  return rows[0]!.id
}

function bind(owner: pg.Pool, { id }: Dialled, deviceId: number): Promise<void> {
  return inTransaction(owner, null, async (client) => {
    await client.query('update claim_phones set device_id = $2, bound_at = now() where id = $1', [id, deviceId])
    await queueResyncs(client, [deviceId], 'asked')
  })
}

function refuse(owner: pg.Pool, { id, tenantId, mac, codeId, extension }: Dialled, note: string): Promise<void> {
  return inTransaction(owner, null, async (client) => {
    await client.query('update claim_phones set note = $2 where id = $1', [id, note])
    await client.query('update claim_codes set phones_left = phones_left + 1 where id = $1', [codeId])
    const detail = { extension, why: note }
    await writeAudit(client, { tenantId, actor: `phone:${mac}`, action: 'claim-failed', object: mac, detail })
  })
}

/**
 * Takes back the accounts of phones that have what is theirs, that never came for it, or whose time is over.
 * @returns how many
 */
export function closeClaimPhones(owner: pg.Pool): Promise<number> {
  return inTransaction(owner, null, async (client) => {
    const { rows } = await client.query<{ account: string; tenant_id: number }>(
      `update claim_phones p set closed_at = now() where closed_at is null and ((bound_at is null and expires_at <= now())
         or bound_at < now() - make_interval(mins => $1) or exists (select from device_contacts c
           where c.device_id = p.device_id and c.outcome = 'served' and c.at >= p.bound_at))
       returning account, tenant_id`,
      [RELEASE_MINUTES],
    )
    for (const [tenantId, phones] of Map.groupBy(rows, ({ tenant_id }) => tenant_id))
      await eraseClaimAccounts(
        client,
        tenantId,
        phones.map(({ account }) => account),
      )
    return rows.length
  })
}
