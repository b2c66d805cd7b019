import { writeAudit } from '../db/audit.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { Fault } from '../model/fault.ts'
import { nearest } from '../model/nearest.ts'
import { parsePlainText } from '../model/plain-text.ts'
import { quote } from '../model/quote.ts'
import { changeLayer } from '../phones/change-layer.ts'
import { changeDefaults, type DefaultChanges } from './check-defaults.ts'
import { type DefaultTexts, readDefaultLayers } from './default-layers.ts'
import { asOnlyWriter, type PeopleDesk } from './desk.ts'
import { refuseFaults } from './settings/expect-usable.ts'
import { expectReadable } from './settings/keep-readable.ts'
import { openStored, sealLayer } from './settings/stored-layer.ts'

/**
 * A site of a tenant. `settings` are phone settings as they are stored: what is secret among them is sealed.
 */
export type Location = {
  id: number
  name: string
  defaults: DefaultTexts
  settings: Readonly<Record<string, unknown>>
  people: number
  phones: number
}

export type LocationChanges = {
  name?: string | undefined
  defaults?: DefaultChanges | undefined
  /** By path; null takes a setting out. What is secret is sealed. */
  settings?: Readonly<Record<string, unknown>> | undefined
}

const LOCATION = `select id, name, defaults, settings,
    (select count(*) from users u where u.location_id = l.id) as people,
    (select count(*) from devices d where d.location_id = l.id) as phones
  from locations l where tenant_id = $1`

/** By name. */
export function listLocations(desk: PeopleDesk, tenant: Tenant): Promise<Location[]> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { rows } = await client.query<Location>(`${LOCATION} order by name`, [tenant.id])
    return rows
  })
}

/** @throws AppError `input-invalid`, `already-there` */
export function addLocation(
  desk: PeopleDesk,
  tenant: Tenant,
  { name: text, ...changes }: LocationChanges & { name: string },
  actor: string,
): Promise<Location> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const name = await readNewName(client, tenant, text)
    await client.query('insert into locations (tenant_id, name) values ($1, $2)', [tenant.id, name])
    await record(client, tenant, actor, 'location-add', name, changes)
    return writeLocation(client, desk, tenant, await findLocation(client, tenant, name), changes)
  })
}

/** Changes a location that is named or given by id. @throws AppError `location-unknown`, `input-invalid`, `already-there` */
export function changeLocation(
  desk: PeopleDesk,
  tenant: Tenant,
  location: string | number,
  { name: text, ...changes }: LocationChanges,
  actor: string,
): Promise<Location> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const current = await findLocation(client, tenant, location)
    if (text !== undefined && text !== current.name) {
      const name = await readNewName(client, tenant, text)
      await client.query('update locations set name = $2 where id = $1', [current.id, name])
      // The tenant's default location is a name, too.
      await client.query(
        `update tenants set defaults = jsonb_set(defaults, '{location}', to_jsonb($3::text))
         where id = $1 and defaults->>'location' = $2`,
        [tenant.id, current.name, name],
      )
    }
    await record(client, tenant, actor, 'location-set', current.name, { ...changes, ...(text && { name: text }) })
    return writeLocation(client, desk, tenant, await findLocation(client, tenant, current.id), changes)
  })
}

/** Nobody and no phone may be there any more. @throws AppError `location-unknown`, `in-use` */
export function removeLocation(
  desk: PeopleDesk,
  tenant: Tenant,
  location: string | number,
  actor: string,
): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const { id, name, people, phones } = await findLocation(client, tenant, location)
    if (people + phones > 0)
      throw new AppError('in-use', `${people} people and ${phones} phones are at ${name}. Move them first.`)
    const { rowCount } = await client.query(`select from tenants where id = $1 and defaults->>'location' = $2`, [
      tenant.id,
      name,
    ])
    if (rowCount)
      throw new AppError('in-use', `${name} is the tenant's default. Change it: offhook tenant set location=`)
    await client.query('delete from locations where id = $1', [id])
    await record(client, tenant, actor, 'location-remove', name, {})
  })
}

async function findLocation(client: Queryable, tenant: Tenant, location: string | number): Promise<Location> {
  const column = typeof location === 'number' ? 'id' : 'name'
  const { rows } = await client.query<Location>(`${LOCATION} and ${column} = $2`, [tenant.id, location])
  if (rows[0]) return rows[0]
  const { rows: all } = await client.query<Location>(LOCATION, [tenant.id])
  const names = all.map(({ name }) => name)
  const meant = nearest(String(location), names)
  const cure = meant ? `Is it ${meant}?` : `There are: ${names.join(', ') || 'none'}.`
  throw new AppError(
    'location-unknown',
    `The tenant ${tenant.slug} has no location ${quote(String(location))}. ${cure}`,
  )
}

async function readNewName(client: Queryable, tenant: Tenant, text: string): Promise<string> {
  const name = parsePlainText(text, { codePoints: 64 })
  if (name instanceof Fault) throw new AppError('input-invalid', `${name.message} (${name.suggestion}).`)
  const { rowCount } = await client.query('select from locations where tenant_id = $1 and name = $2', [tenant.id, name])
  if (rowCount) throw new AppError('already-there', `There is a location ${name} already.`)
  return name
}

async function writeLocation(
  client: Queryable,
  desk: PeopleDesk,
  tenant: Tenant,
  location: Location,
  changes: Omit<LocationChanges, 'name'>,
): Promise<Location> {
  const { known } = await readDefaultLayers(client, desk, tenant)
  const { name } = location
  const defaults = changeDefaults(
    { name: 'location', location: name },
    location.defaults,
    changes.defaults ?? {},
    known,
  )
  const settings = await changeStored(client, desk, tenant, location, changes.settings ?? {})
  await client.query('update locations set defaults = $2, settings = $3 where id = $1', [
    ...[location.id, JSON.stringify(defaults), JSON.stringify(settings)],
  ])
  return { ...location, defaults, settings }
}

async function changeStored(
  client: Queryable,
  desk: PeopleDesk,
  tenant: Tenant,
  { id, settings: stored }: Location,
  changes: Readonly<Record<string, unknown>>,
): Promise<Location['settings']> {
  const row = { table: 'locations', id } as const
  const all = Object.entries(changes)
  const before = openStored(desk, tenant, { ...row, stored })
  const { layer, faults } = changeLayer(before, {
    set: Object.fromEntries(all.filter(([, value]) => value !== null)),
    unset: all.filter(([, value]) => value === null).map(([path]) => path),
  })
  refuseFaults(faults)
  await expectReadable(client, tenant, row, { before, after: layer }, null)
  return sealLayer(desk, tenant, row, layer) as Location['settings']
}

/** Of settings the names only: one of them may be a password. */
async function record(
  client: Queryable,
  tenant: Tenant,
  actor: string,
  action: string,
  object: string,
  { settings, ...changes }: LocationChanges,
): Promise<void> {
  const detail = { ...changes, ...(settings && { settings: Object.keys(settings) }) }
  await writeAudit(client, { tenantId: tenant.id, actor, action, object, detail })
}
