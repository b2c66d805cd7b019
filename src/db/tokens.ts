import type { Queryable } from './pool.ts'
import type { Tenant } from './tenants.ts'

export type TokenRecord = {
  id: number
  tenant_id: number | null
  name: string
  scopes: string[]
  created_at: Date
  created_by: string
  expires_at: Date | null
  last_used_at: Date | null
  revoked_at: Date | null
}

const COLUMNS = 'id, tenant_id, name, scopes, created_at, created_by, expires_at, last_used_at, revoked_at'
/** Of a tenant, or with null of the installation itself. */
const OF_TENANT = 'tenant_id is not distinct from $1'

/** Undefined when there is one of that name already. */
export async function insertToken(
  client: Queryable,
  token: {
    tenantId: number | null
    name: string
    sha256: Buffer
    scopes: string[]
    actor: string
    days: number | null
  },
): Promise<TokenRecord | undefined> {
  const { rows } = await client.query<TokenRecord>(
    `insert into offhook.tokens (tenant_id, name, sha256, scopes, created_by, expires_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(days => $6))
     on conflict do nothing returning ${COLUMNS}`,
    [token.tenantId, token.name, token.sha256, token.scopes, token.actor, token.days],
  )
  return rows[0]
}

/** Those that are not revoked, by name. */
export async function listTokens(client: Queryable, tenantId: number | null): Promise<TokenRecord[]> {
  const { rows } = await client.query<TokenRecord>(
    `select ${COLUMNS} from offhook.tokens where ${OF_TENANT} and revoked_at is null order by name`,
    [tenantId],
  )
  return rows
}

/** The token, revoked from now on; undefined when there is none of that name or number that is not revoked. */
export async function revokeTokenRow(
  client: Queryable,
  tenantId: number | null,
  key: { name: string } | { id: number },
): Promise<TokenRecord | undefined> {
  const [column, value] = 'id' in key ? ['id', key.id] : ['name', key.name]
  const { rows } = await client.query<TokenRecord>(
    `update offhook.tokens set revoked_at = now()
     where ${OF_TENANT} and ${column} = $2 and revoked_at is null returning ${COLUMNS}`,
    [tenantId, value],
  )
  return rows[0]
}

export type FoundToken = { id: number; name: string; scopes: string[]; tenant: Tenant | null }

/**
 * The valid token with this digest, whoever's it is; null for any other. Notes the use, at most once a minute. Runs as
 * the owner, for the tenant is not known before.
 */
export async function useToken(client: Queryable, sha256: Buffer): Promise<FoundToken | null> {
  const { rows } = await client.query<FoundToken & { stale: boolean }>(
    `select t.id, t.name, t.scopes,
       coalesce(t.last_used_at < now() - interval '1 minute', true) as stale,
       (select to_jsonb(n) from (select id, slug, name, defaults from offhook.tenants where id = t.tenant_id) n) as tenant
     from offhook.tokens t
     where sha256 = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
    [sha256],
  )
  const [row] = rows
  if (!row) return null
  if (row.stale) await client.query('update offhook.tokens set last_used_at = now() where id = $1', [row.id])
  return { id: row.id, name: row.name, scopes: row.scopes, tenant: row.tenant }
}
