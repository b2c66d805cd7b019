import { writeAudit } from '../db/audit.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { Fault } from '../model/fault.ts'
import { parsePlainText } from '../model/plain-text.ts'
import { asOnlyWriter, type PeopleDesk } from './desk.ts'
import { findDeviceId } from './find-device.ts'
import { findNamed } from './settings/settings-place.ts'

/** A named set of settings and keys for phones of one use: reception, meeting room, lobby. */
export type Profile = { id: number; name: string; phones: number }

const PROFILE = `select id, name, (select count(*) from devices d where d.profile_id = p.id) as phones
  from profiles p where tenant_id = $1`

/** By name. */
export function listProfiles(desk: PeopleDesk, tenant: Tenant): Promise<Profile[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<Profile>(`${PROFILE} order by name`, [tenant.id])
    return rows
  })
}

/** By name or id. @throws AppError `profile-unknown` */
export async function readProfile(client: Queryable, tenant: Tenant, profile: string | number): Promise<Profile> {
  const { id } = await findNamed(client, tenant, 'profiles', profile)
  const { rows } = await client.query<Profile>(`${PROFILE} and id = $2`, [tenant.id, id])
  return rows[0]!
}

/** @throws AppError `input-invalid`, `already-there` */
export function addProfile(desk: PeopleDesk, tenant: Tenant, text: string, actor: string): Promise<Profile> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const name = await readNewName(client, tenant, text)
    const { rows } = await client.query<{ id: number }>(
      'insert into profiles (tenant_id, name) values ($1, $2) returning id',
      [tenant.id, name],
    )
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'profile-add', object: name })
    return { id: rows[0]!.id, name, phones: 0 }
  })
}

/** @throws AppError `profile-unknown`, `input-invalid`, `already-there` */
export function renameProfile(
  desk: PeopleDesk,
  tenant: Tenant,
  profile: string | number,
  text: string,
  actor: string,
): Promise<Profile> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const current = await readProfile(client, tenant, profile)
    const name = text === current.name ? text : await readNewName(client, tenant, text)
    await client.query('update profiles set name = $2 where id = $1', [current.id, name])
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor, action: 'profile-set', object: current.name, detail: { name } },
    })
    return { ...current, name }
  })
}

/** No phone may have it any more. @throws AppError `profile-unknown`, `in-use` */
export function removeProfile(
  desk: PeopleDesk,
  tenant: Tenant,
  profile: string | number,
  actor: string,
): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const { id, name, phones } = await readProfile(client, tenant, profile)
    if (phones > 0)
      throw new AppError(
        'in-use',
        `${phones} phones have the profile ${name}. Take it from them: offhook profile unassign`,
      )
    await client.query('delete from keys where profile_id = $1', [id])
    await client.query('delete from profiles where id = $1', [id])
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'profile-remove', object: name })
  })
}

/**
 * Gives phones a profile in the place of the one that they had; null: none.
 * @param phones by MAC address or name
 * @throws AppError `profile-unknown`, `device-unknown`
 */
export function assignProfile(
  desk: PeopleDesk,
  tenant: Tenant,
  { profile, phones }: { profile: string | number | null; phones: readonly string[] },
  actor: string,
): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const found = profile === null ? null : await findNamed(client, tenant, 'profiles', profile)
    const ids: number[] = []
    for (const phone of phones) ids.push(await findDeviceId(client, tenant, phone))
    await client.query('update devices set profile_id = $2 where id = any ($1::bigint[])', [ids, found?.id ?? null])
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor, action: 'profile-assign', object: found?.name ?? 'none', detail: { phones } },
    })
  })
}

async function readNewName(client: Queryable, tenant: Tenant, text: string): Promise<string> {
  const name = parsePlainText(text, { codePoints: 64 })
  if (name instanceof Fault) throw new AppError('input-invalid', `${name.message} (${name.suggestion}).`)
  const { rowCount } = await client.query('select from profiles where tenant_id = $1 and name = $2', [tenant.id, name])
  if (rowCount) throw new AppError('already-there', `There is a profile ${name} already.`)
  return name
}
