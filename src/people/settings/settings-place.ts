import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { nearest } from '../../model/nearest.ts'
import { quote } from '../../model/quote.ts'
import { findDeviceId } from '../find-device.ts'

/**
 * Whose settings: one of the layers of a phone that people write. A location and a profile by name or id, a phone by MAC
 * address or name.
 */
export type SettingsPlace =
  { layer: 'tenant' } | { layer: 'location' | 'profile'; which: string | number } | { layer: 'phone'; which: string }

/** The row that holds them, with secrets sealed. `name` for the history: `location Berlin`. */
export type PlacedSettings = {
  table: 'tenants' | 'locations' | 'profiles' | 'devices'
  id: number
  name: string
  /** Of a phone. */
  family: string | null
  stored: Readonly<Record<string, unknown>>
}

/** @throws AppError `location-unknown`, `profile-unknown`, `device-unknown` */
export async function findPlace(client: Queryable, tenant: Tenant, place: SettingsPlace): Promise<PlacedSettings> {
  if (place.layer === 'tenant') return readPlace(client, 'tenants', tenant.id, `tenant ${tenant.slug}`)
  if (place.layer === 'phone') {
    const id = await findDeviceId(client, tenant, place.which)
    const { rows } = await client.query<{ name: string }>('select name from devices where id = $1', [id])
    return readPlace(client, 'devices', id, `phone ${rows[0]!.name}`)
  }
  const table = place.layer === 'location' ? 'locations' : 'profiles'
  const { id, name } = await findNamed(client, tenant, table, place.which)
  return readPlace(client, table, id, `${place.layer} ${name}`)
}

/** A profile of the tenant, or a location, by name or id. @throws AppError `location-unknown`, `profile-unknown` */
export async function findNamed(
  client: Queryable,
  tenant: Tenant,
  table: 'locations' | 'profiles',
  which: string | number,
): Promise<{ id: number; name: string }> {
  const { rows } = await client.query<{ id: number; name: string }>(
    `select id, name from ${table} where tenant_id = $1 order by name`,
    [tenant.id],
  )
  const found = rows.find(({ id, name }) => (typeof which === 'number' ? id === which : name === which))
  if (found) return found
  const word = table === 'locations' ? 'location' : 'profile'
  const names = rows.map(({ name }) => name)
  const meant = nearest(String(which), names)
  const cure = meant === null ? `There are: ${names.slice(0, 20).join(', ') || 'none'}.` : `Is it ${meant}?`
  throw new AppError(`${word}-unknown`, `The tenant ${tenant.slug} has no ${word} ${quote(String(which))}. ${cure}`)
}

async function readPlace(
  client: Queryable,
  table: PlacedSettings['table'],
  id: number,
  name: string,
): Promise<PlacedSettings> {
  const family = table === 'devices' ? 'family' : 'null::text'
  const { rows } = await client.query<Pick<PlacedSettings, 'family' | 'stored'>>(
    `select ${family} as family, settings as stored from ${table} where id = $1`,
    [id],
  )
  return { table, id, name, ...rows[0]! }
}
