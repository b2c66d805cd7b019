import { hash, randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { claimKey, freeKey, HOLD_S, holdKey, type KeyClaim, settleKey } from '../../db/idempotency-keys.ts'
import { Secret } from '../../model/secret.ts'
import type { Caller } from './callers.ts'
import { Refusal } from './refusal.ts'
import type { ApiSite } from './route.ts'

/** An answer as it goes over the wire. */
export type WrittenAnswer = { status: number; headers: Record<string, string>; text: string }

const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * Does a POST or PATCH that brings an Idempotency-Key once: who comes again with the same request gets the same answer.
 * A request that failed on our side leaves its key free, and so does, after some seconds, one whose process died.
 * @throws Refusal 400 for a bad key, 409 while the first is under way, 422 for the same key with another request
 */
export async function doOnce(
  site: ApiSite,
  caller: Caller,
  request: Request,
  work: () => Promise<WrittenAnswer>,
): Promise<WrittenAnswer> {
  const key = request.get('Idempotency-Key')
  if (key === undefined || !['POST', 'PATCH'].includes(request.method)) return work()
  if (!KEY.test(key))
    throw new Refusal(400, 'idempotency-key-invalid', 'An Idempotency-Key is 1 to 255 visible ASCII characters.')
  const { token, tenant } = caller
  const claim: KeyClaim = {
    tokenId: token.id,
    tenantId: token.tenant?.id ?? null,
    key,
    requestSha256: digest(request, tenant?.slug),
    holder: randomUUID(),
  }
  const place = {
    tenant: token.tenant?.slug ?? '',
    table: 'offhook.idempotency_keys',
    row: `${token.id}/${key}`,
    column: 'answer',
  }
  const earlier = await claimKey(site.owner, claim)
  if (earlier) {
    if (!earlier.request_sha256.equals(claim.requestSha256))
      throw new Refusal(422, 'idempotency-key-reused', 'This Idempotency-Key was used for another request.')
    if (!earlier.answer)
      throw new Refusal(409, 'idempotency-key-busy', 'The first request with this Idempotency-Key is under way.', {
        headers: { 'Retry-After': '1' },
      })
    const answer = JSON.parse(site.desk.vault.open(earlier.answer, place).reveal()) as WrittenAnswer
    return { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } }
  }
  // One beat may fail, with the database say, and two more come before anybody takes this request for dead.
  const beat = setInterval(() => void holdKey(site.owner, claim).catch(() => undefined), (HOLD_S * 1000) / 3)
  try {
    const answer = await work()
    await settleKey(site.owner, claim, answer.status, site.desk.vault.seal(new Secret(JSON.stringify(answer)), place))
    return answer
  } catch (error) {
    await freeKey(site.owner, claim)
    throw error
  } finally {
    clearInterval(beat)
  }
}

function digest(request: Request, slug = ''): Buffer {
  const body: unknown = request.body
  const head = `${request.method} ${request.originalUrl}\n${slug}\n${request.get('Content-Type') ?? ''}\n`
  return hash('sha256', Buffer.concat([Buffer.from(head), Buffer.isBuffer(body) ? body : Buffer.alloc(0)]), 'buffer')
}
