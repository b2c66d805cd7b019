import type { Queryable } from './pool.ts'

export type KeyClaim = { tokenId: number; tenantId: number | null; key: string; requestSha256: Buffer }

/** What became of the first request with this key. `answer` is sealed; null: it is under way. */
export type EarlierRequest = { request_sha256: Buffer; answer: Buffer | null }

/** A request that was begun so long ago and has no answer died with its process. */
const ABANDONED = `interval '5 minutes'`
const KEPT = `interval '24 hours'`

/** Null: the key is the caller's now, who must settle or free it. Otherwise what it was used for. */
export async function claimKey(client: Queryable, claim: KeyClaim): Promise<EarlierRequest | null> {
  await client.query(`delete from offhook.idempotency_keys where created_at < now() - ${KEPT}`)
  const values = [claim.tokenId, claim.key, claim.tenantId, claim.requestSha256]
  const { rowCount } = await client.query(
    `insert into offhook.idempotency_keys as k (token_id, key, tenant_id, request_sha256) values ($1, $2, $3, $4)
     on conflict (token_id, key) do update set created_at = now(), request_sha256 = excluded.request_sha256
       where k.answer is null and k.created_at < now() - ${ABANDONED}`,
    values,
  )
  if (rowCount) return null
  const { rows } = await client.query<EarlierRequest>(
    'select request_sha256, answer from offhook.idempotency_keys where token_id = $1 and key = $2',
    [claim.tokenId, claim.key],
  )
  // Freed between the two statements: whoever had it failed, so this one may try.
  return rows[0] ?? claimKey(client, claim)
}

export async function settleKey(client: Queryable, claim: KeyClaim, status: number, answer: Buffer): Promise<void> {
  await client.query('update offhook.idempotency_keys set status = $3, answer = $4 where token_id = $1 and key = $2', [
    claim.tokenId,
    claim.key,
    status,
    answer,
  ])
}

/** Nothing was done: the key may be used again. */
export async function freeKey(client: Queryable, claim: KeyClaim): Promise<void> {
  await client.query('delete from offhook.idempotency_keys where token_id = $1 and key = $2 and answer is null', [
    claim.tokenId,
    claim.key,
  ])
}
