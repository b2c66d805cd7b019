import type { MailKind } from './mails.ts'
import type { Queryable } from './pool.ts'

export type ClaimedMail = {
  id: number
  tenant_id: number
  /** Slug and name of the tenant, and the language of who has none. */
  slug: string
  tenant: string
  tenant_language: string | null
  user_id: number | null
  import_id: number | null
  kind: MailKind
  recipient: string
  body: Buffer | null
  message_id: string
  attempts: number
  queued_at: Date
}

/**
 * Takes mails that are due, for `leaseS` seconds: who dies with them in hand leaves them to be taken again after that.
 * Two processes never take the same one.
 */
export async function claimMails(client: Queryable, limit: number, leaseS: number): Promise<ClaimedMail[]> {
  const { rows } = await client.query<ClaimedMail>(
    `with due as (
       select id from mails where state = 'queued' and next_attempt_at <= now()
       order by next_attempt_at limit $1 for update skip locked)
     update mails m set attempts = attempts + 1, last_error = null, next_attempt_at = now() + make_interval(secs => $2)
     from due, tenants t where m.id = due.id and t.id = m.tenant_id
     returning m.id, m.tenant_id, t.slug, t.name as tenant, t.defaults ->> 'language' as tenant_language, m.user_id,
       m.import_id, m.kind, m.recipient, m.body, m.message_id, m.attempts, m.queued_at`,
    [limit, leaseS],
  )
  return rows
}

/** What was sealed for the way is erased: nobody needs it any more. `note` tells what else the server said. */
export async function markSent(
  client: Queryable,
  id: number,
  sent: { subject: string | null; note: string | null },
): Promise<void> {
  await client.query(
    `update mails set state = 'sent', sent_at = now(), body = null, subject = coalesce($2, subject), last_error = $3
     where id = $1`,
    [id, sent.subject, sent.note],
  )
}

/** The body stays, so that it can be sent again. */
export async function markFailed(client: Queryable, id: number, reason: string): Promise<void> {
  await client.query(`update mails set state = 'failed', last_error = $2 where id = $1`, [id, reason])
}

export async function postponeMail(client: Queryable, id: number, reason: string, pauseS: number): Promise<void> {
  await client.query(
    `update mails set last_error = $2, next_attempt_at = now() + make_interval(secs => $3)
     where id = $1 and state = 'queued'`,
    [id, reason, pauseS],
  )
}

/** Keeps what a mail carries with it for its next attempt. */
export async function keepBody(client: Queryable, id: number, body: Buffer): Promise<void> {
  await client.query('update mails set body = $2 where id = $1', [id, body])
}

export async function countQueued(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*) from mails where state = 'queued'`)
  return rows[0]!.count
}

/** Deletes mails that were sent, or failed, so long ago, with what a failed one still carries. @returns how many */
export async function eraseOldMails(owner: Queryable, days: number): Promise<number> {
  const { rowCount } = await owner.query(
    `delete from offhook.mails where state <> 'queued' and coalesce(sent_at, queued_at) < now() - make_interval(days => $1)`,
    [days],
  )
  return rowCount ?? 0
}
