import type { Queryable } from './pool.ts'

export type KeyClaim = {
  tokenId: number
  tenantId: number | null
  key: string
  requestSha256: Buffer
  /** A UUID of this request alone. */
  holder: string
}

/** What became of the first request with this key. `answer` is sealed; null: it is under way. */
export type EarlierRequest = { request_sha256: Buffer; answer: Buffer | null }

/** So long a claim is held without being {@link holdKey held} again: then its process has died. */
export const HOLD_S = 15
const KEPT = `interval '24 hours'`

/** Null: the key is the caller's now, who must hold, settle or free it. Otherwise what it was used for. */
export async function claimKey(client: Queryable, claim: KeyClaim): Promise<EarlierRequest | null> {
  await client.query(`delete from offhook.idempotency_keys where created_at < now() - ${KEPT}`)
  const { rowCount } = await client.query(
    `insert into offhook.idempotency_keys as k (token_id, key, tenant_id, request_sha256, holder, held_until)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
     on conflict (token_id, key) do update set created_at = now(), request_sha256 = excluded.request_sha256,
       holder = excluded.holder, held_until = excluded.held_until
     where k.answer is null and k.held_until < now()`,
    [claim.tokenId, claim.key, claim.tenantId, claim.requestSha256, claim.holder, HOLD_S],
  )
  if (rowCount) return null
  const { rows } = await client.query<EarlierRequest>(
    'select request_sha256, answer from offhook.idempotency_keys where token_id = $1 and key = $2',
    [claim.tokenId, claim.key],
  )
  // Freed between the two statements: whoever had it failed, so this one may try.
  return rows[0] ?? claimKey(client, claim)
}

/** The request is still under way. */
export async function holdKey(client: Queryable, claim: KeyClaim): Promise<void> {
  await client.query(
    `update offhook.idempotency_keys set held_until = now() + make_interval(secs => $4)
     where token_id = $1 and key = $2 and holder = $3 and answer is null`,
    [claim.tokenId, claim.key, claim.holder, HOLD_S],
  )
}

/** Does nothing when another request has taken the place of this one, which was taken for dead. */
export async function settleKey(client: Queryable, claim: KeyClaim, status: number, answer: Buffer): Promise<void> {
  await client.query(
    'update offhook.idempotency_keys set status = $4, answer = $5 where token_id = $1 and key = $2 and holder = $3',
    [claim.tokenId, claim.key, claim.holder, status, answer],
  )
}

/** Nothing was done: the key may be used again. */
export async function freeKey(client: Queryable, claim: KeyClaim): Promise<void> {
  await client.query(
    'delete from offhook.idempotency_keys where token_id = $1 and key = $2 and holder = $3 and answer is null',
    [claim.tokenId, claim.key, claim.holder],
  )
}
