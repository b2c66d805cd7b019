import { writeAudit } from '../db/audit.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import { readRoles, type Role } from '../db/roles.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { Fault } from '../model/fault.ts'
import { nearest } from '../model/nearest.ts'
import type { Authentication } from '../model/person.ts'
import { parsePlainText } from '../model/plain-text.ts'
import { quote } from '../model/quote.ts'
import { asOnlyWriter, type PeopleDesk } from './desk.ts'

export type RoleChanges = {
  name?: string | undefined
  isAdmin?: boolean | undefined
  authentication?: Authentication | undefined
}

/** By name. */
export function listRoles(desk: PeopleDesk, tenant: Tenant): Promise<Role[]> {
  return inTransaction(desk.pool, tenant.id, (client) => readRoles(client, tenant.id))
}

/** @throws AppError `input-invalid`, `already-there` */
export function addRole(
  desk: PeopleDesk,
  tenant: Tenant,
  { name: text, isAdmin = false, authentication = 'default' }: RoleChanges & { name: string },
  actor: string,
): Promise<Role> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const name = readName(text, await readRoles(client, tenant.id))
    await client.query('insert into roles (tenant_id, name, is_admin, authentication) values ($1, $2, $3, $4)', [
      ...[tenant.id, name, isAdmin, authentication],
    ])
    const detail = { isAdmin, authentication }
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'role-add', object: name, detail })
    return findRole(client, tenant, name)
  })
}

/** A role that is renamed takes its people along. @throws AppError `role-unknown`, `input-invalid`, `already-there` */
export function changeRole(
  desk: PeopleDesk,
  tenant: Tenant,
  role: string | number,
  changes: RoleChanges,
  actor: string,
): Promise<Role> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const current = await findRole(client, tenant, role)
    const renames = changes.name !== undefined && changes.name !== current.name
    const name = renames ? readName(changes.name!, await readRoles(client, tenant.id)) : current.name
    await client.query('update roles set name = $2, is_admin = $3, authentication = $4 where id = $1', [
      current.id,
      name,
      changes.isAdmin ?? current.is_admin,
      changes.authentication ?? current.authentication,
    ])
    await renameDefault(client, tenant, current.name, name)
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor, action: 'role-set', object: current.name },
      detail: { ...changes },
    })
    return findRole(client, tenant, current.id)
  })
}

/** Nobody may have it any more, nor get it by default. @throws AppError `role-unknown`, `in-use` */
export function removeRole(desk: PeopleDesk, tenant: Tenant, role: string | number, actor: string): Promise<void> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const { id, name } = await findRole(client, tenant, role)
    const { rows } = await client.query<{ people: number; defaults: number }>(
      `select (select count(*) from users where tenant_id = $1 and role = $2) as people,
         (select count(*) from tenants where id = $1 and defaults->>'role' = $2)
         + (select count(*) from locations where tenant_id = $1 and defaults->>'role' = $2) as defaults`,
      [tenant.id, name],
    )
    const { people, defaults } = rows[0]!
    if (people > 0) throw new AppError('in-use', `${people} people have the role ${name}. Give them another first.`)
    if (defaults > 0)
      throw new AppError('in-use', `${name} is the default role of the tenant or of a location. Change that first.`)
    await client.query('delete from roles where id = $1', [id])
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'role-remove', object: name })
  })
}

async function findRole(client: Queryable, tenant: Tenant, role: string | number): Promise<Role> {
  const roles = await readRoles(client, tenant.id)
  const found = roles.find(({ id, name }) => (typeof role === 'number' ? id === role : name === role))
  if (found) return found
  const names = roles.map(({ name }) => name)
  const meant = nearest(String(role), names)
  const cure = meant ? `Is it ${meant}?` : `There are: ${names.join(', ') || 'none'}.`
  throw new AppError('role-unknown', `The tenant ${tenant.slug} has no role ${quote(String(role))}. ${cure}`)
}

function readName(text: string, roles: readonly Role[]): string {
  const name = parsePlainText(text, { codePoints: 64 })
  if (name instanceof Fault) throw new AppError('input-invalid', `${name.message} (${name.suggestion}).`)
  if (/^\d+$/.test(name))
    throw new AppError('input-invalid', `${name} would be read as the id of a role. Add a letter.`)
  if (roles.some((role) => role.name === name)) throw new AppError('already-there', `There is a role ${name} already.`)
  return name
}

/** Defaults name roles, too. */
async function renameDefault(client: Queryable, tenant: Tenant, from: string, to: string): Promise<void> {
  const change = `set defaults = jsonb_set(defaults, '{role}', to_jsonb($3::text))`
  await client.query(`update tenants ${change} where id = $1 and defaults->>'role' = $2`, [tenant.id, from, to])
  await client.query(`update locations ${change} where tenant_id = $1 and defaults->>'role' = $2`, [
    ...[tenant.id, from, to],
  ])
}
