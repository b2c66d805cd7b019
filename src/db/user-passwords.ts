import type { Queryable } from './pool.ts'

/** A temporary password that has no hash yet. */
export type UnhashedPassword = { id: number; slug: string; password: Buffer }

/** Of all tenants, so as the owner; in pages, `after` an id. */
export async function readUnhashed(client: Queryable, limit: number, after = 0): Promise<UnhashedPassword[]> {
  const { rows } = await client.query<UnhashedPassword>(
    `select u.id, t.slug, u.password from users u join tenants t on t.id = u.tenant_id
     where u.password is not null and u.password_hash is null and u.id > $2 order by u.id limit $1`,
    [limit, after],
  )
  return rows
}

/** Notes that this password cannot be opened, and so not be used. @returns whether that is news */
export async function notePasswordFault(client: Queryable, user: UnhashedPassword): Promise<boolean> {
  const { rowCount } = await client.query(
    `update users set password_fault_at = now() where id = $1 and password = $2 and password_hash is null
       and (password_fault_at is null or password_fault_at < password_at)`,
    [user.id, user.password],
  )
  return rowCount === 1
}

/** Somebody whose temporary password cannot be opened. */
export type PasswordFault = { tenant: string; username: string }

/** The first ones, and how many there are. */
export async function readPasswordFaults(
  client: Queryable,
  limit: number,
): Promise<{ count: number; first: PasswordFault[] }> {
  const { rows } = await client.query<PasswordFault & { count: number }>(
    `select t.slug as tenant, u.username, count(*) over () as count from users u join tenants t on t.id = u.tenant_id
     where ${PASSWORD_FAULT} order by u.id limit $1`,
    [limit],
  )
  return { count: rows[0]?.count ?? 0, first: rows.map(({ tenant, username }) => ({ tenant, username })) }
}

/** True of a row of `users` with the alias `u`. */
export const PASSWORD_FAULT =
  'u.password is not null and u.password_hash is null and u.password_fault_at >= u.password_at'

/** Does nothing when the password was changed since it was read. */
export async function setTemporaryHash(client: Queryable, user: UnhashedPassword, hash: string): Promise<void> {
  await client.query(
    `update users set password_hash = $3, password_must_change = true, password_fault_at = null
     where id = $1 and password = $2 and password_hash is null`,
    [user.id, user.password, hash],
  )
}

/** The user's own: whatever was temporary is gone. */
export async function setOwnPassword(client: Queryable, userId: number, hash: string): Promise<void> {
  await client.query(
    'update users set password_hash = $2, password_must_change = false, password = null where id = $1',
    [userId, hash],
  )
}

/** Erases temporary passwords after `days`, and what they open unless their owner has chosen another. */
export async function eraseExpiredPasswords(client: Queryable, days: number): Promise<number> {
  const { rowCount } = await client.query(
    `update users set password = null, password_must_change = false,
       password_hash = case when password_must_change then null else password_hash end
     where password is not null and password_at < now() - make_interval(days => $1)`,
    [days],
  )
  return rowCount ?? 0
}
