import type { Queryable } from './pool.ts'

export type ClaimCodeRecord = {
  id: number
  installer: string
  networks: string[]
  phones_left: number
  wrong_tries: number
  created_by: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  /** How many phones were given to somebody by it. */
  claimed: number
}

/** A tenant that lets phones be claimed by dialling, and where its phones ask from. */
export type ClaimWindow = { tenantId: number; networks: string[]; opensAtMs: number; closesAtMs: number }

/** @returns when it expires */
export async function insertClaimCode(
  client: Queryable,
  code: {
    tenantId: number
    salt: Buffer
    sha256: Buffer
    installer: string
    networks: readonly string[]
    phones: number
    minutes: number
    actor: string
  },
): Promise<{ id: number; expires_at: Date }> {
  const { tenantId, salt, sha256, installer, networks, phones, minutes, actor } = code
  const { rows } = await client.query<{ id: number; expires_at: Date }>(
    `insert into claim_codes (tenant_id, salt, code_sha256, installer, networks, phones_left, created_by, expires_at)
     values ($1, $2, $3, $4, array(select network(each::inet) from unnest($5::text[]) each), $6, $7,
       now() + make_interval(mins => $8)) returning id, expires_at`,
    [tenantId, salt, sha256, installer, networks, phones, actor, minutes],
  )
  return rows[0]!
}

/** The newest first. */
export async function listClaimCodes(client: Queryable, tenantId: number): Promise<ClaimCodeRecord[]> {
  const { rows } = await client.query<ClaimCodeRecord>(
    `select c.id, installer, networks::text[] as networks, phones_left, c.wrong_tries, created_by, created_at,
       c.expires_at, revoked_at, (select count(*)::int from claim_phones p where p.code_id = c.id and p.bound_at is not null)
       as claimed
     from claim_codes c where c.tenant_id = $1 order by c.id desc`,
    [tenantId],
  )
  return rows
}

/** Those that are still good, or the one named. @returns their ids */
export async function revokeClaimCodes(client: Queryable, tenantId: number, id: number | null): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `update claim_codes set revoked_at = now()
     where tenant_id = $1 and revoked_at is null and expires_at > now() and ($2::bigint is null or id = $2) returning id`,
    [tenantId, id],
  )
  return rows.map((row) => row.id)
}

/** Of all tenants, those whose codes are good now or will be. Needs a role that sees every tenant. */
export async function readClaimWindows(client: Queryable): Promise<ClaimWindow[]> {
  const epochMs = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`
  const { rows } = await client.query<ClaimWindow>(
    `select tenant_id as "tenantId", networks::text[] as networks, ${epochMs('created_at')} as "opensAtMs",
       ${epochMs('expires_at')} as "closesAtMs"
     from claim_codes where revoked_at is null and expires_at > now() and phones_left > 0 and wrong_tries < 20`,
  )
  return rows
}

/** Deletes codes that ended so long ago, and the phones that were claimed by them. @returns how many codes */
export async function eraseOldClaimCodes(owner: Queryable, days: number): Promise<number> {
  const old = `expires_at < now() - make_interval(days => $1)`
  await owner.query(`delete from offhook.claim_phones where closed_at is not null and ${old}`, [days])
  const { rowCount } = await owner.query(
    `delete from offhook.claim_codes c where ${old}
       and not exists (select from offhook.claim_phones p where p.code_id = c.id)`,
    [days],
  )
  return rowCount ?? 0
}
