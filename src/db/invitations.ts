import type { Queryable } from './pool.ts'

export type OpenInvitation = { id: number; tenantId: number; slug: string; userId: number; language: string | null }

/** Gives the user a new link and voids those before it. */
export async function insertInvitation(
  client: Queryable,
  invitation: { tenantId: number; userId: number; tokenSha256: Buffer; days: number },
): Promise<void> {
  const { tenantId, userId, tokenSha256, days } = invitation
  await client.query('delete from invitations where tenant_id = $1 and user_id = $2', [tenantId, userId])
  await client.query(
    `insert into invitations (tenant_id, user_id, token_sha256, expires_at)
     values ($1, $2, $3, now() + make_interval(days => $4))`,
    [tenantId, userId, tokenSha256, days],
  )
}

/** Null: there is none, it was used or it has expired. Looks over all tenants, so as the owner. */
export async function findInvitation(client: Queryable, tokenSha256: Buffer): Promise<OpenInvitation | null> {
  const { rows } = await client.query<OpenInvitation>(
    `select i.id, i.tenant_id as "tenantId", t.slug, i.user_id as "userId",
       coalesce(u.language, t.defaults ->> 'language') as language
     from offhook.invitations i join offhook.tenants t on t.id = i.tenant_id join offhook.users u on u.id = i.user_id
     where i.token_sha256 = $1 and i.used_at is null and i.expires_at > now()`,
    [tokenSha256],
  )
  return rows[0] ?? null
}

/** True for the one who used it, of however many try at once. */
export async function useInvitation(client: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'update invitations set used_at = now() where id = $1 and used_at is null and expires_at > now()',
    [id],
  )
  return rowCount === 1
}
