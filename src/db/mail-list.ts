import type { MailKind, MailState } from './mails.ts'
import type { Queryable } from './pool.ts'

/** What became of a mail, as it is shown. */
export type MailRecord = {
  id: number
  kind: MailKind
  state: MailState
  recipient: string
  /** Null: it is about nobody in particular, or that person was removed. */
  username: string | null
  user_id: number | null
  import_id: number | null
  subject: string | null
  attempts: number
  last_error: string | null
  queued_at: Date
  next_attempt_at: Date
  sent_at: Date | null
}

export type MailFilter = {
  userIds?: readonly number[]
  importId?: number
  state?: MailState
  /** Only older ones, for the next page. */
  beforeId?: number
  limit?: number
}

const USUAL_LIMIT = 500

/** The newest first. */
export async function selectMails(client: Queryable, tenantId: number, filter: MailFilter): Promise<MailRecord[]> {
  const { rows } = await client.query<MailRecord>(
    `select m.id, m.kind, m.state, m.recipient, u.username, m.user_id, m.import_id, m.subject, m.attempts, m.last_error,
       m.queued_at, m.next_attempt_at, m.sent_at
     from mails m left join users u on (u.tenant_id, u.id) = (m.tenant_id, m.user_id)
     where m.tenant_id = $1 and ($2::bigint[] is null or m.user_id = any ($2)) and ($3::bigint is null or m.import_id = $3)
       and ($4::text is null or m.state = $4) and ($5::bigint is null or m.id < $5)
     order by m.id desc limit $6`,
    [
      ...[tenantId, filter.userIds ?? null, filter.importId ?? null, filter.state ?? null, filter.beforeId ?? null],
      filter.limit ?? USUAL_LIMIT,
    ],
  )
  return rows
}

/** Users to whom an import's mails went or should go. */
export async function readMailedUsers(client: Queryable, tenantId: number, importId: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select distinct user_id as id from mails where tenant_id = $1 and import_id = $2 and user_id is not null`,
    [tenantId, importId],
  )
  return rows.map(({ id }) => id)
}

/**
 * Sends what failed once more: all of the tenant, or the invitations and welcomes of these users, to the address that
 * they have now. What waits for its next attempt is due at once.
 * @returns how many
 */
export async function requeueMails(
  client: Queryable,
  tenantId: number,
  userIds: readonly number[] | null,
): Promise<number> {
  const { rowCount } = await client.query(
    `update mails m set state = 'queued', queued_at = now(), next_attempt_at = now(), last_error = null,
       attempts = case m.state when 'failed' then 0 else m.attempts end, recipient = coalesce(u.email, m.recipient),
       body = case when m.kind in ('invitation', 'welcome') then null else m.body end
     from mails w left join users u on (u.tenant_id, u.id) = (w.tenant_id, w.user_id) and w.kind in ('invitation', 'welcome')
     where m.id = w.id and m.tenant_id = $1
       and (m.state = 'failed' or (m.state = 'queued' and m.last_error is not null))
       and ($2::bigint[] is null or (m.user_id = any ($2) and m.kind in ('invitation', 'welcome')
         and not exists (select from mails n where n.tenant_id = $1 and n.user_id = m.user_id and n.kind = m.kind
           and n.id > m.id)))`,
    [tenantId, userIds],
  )
  return rowCount ?? 0
}

/** Queues the kind of mail that each user got last, or `usual` for who never got one, unless one is under way. */
export async function queueAgain(
  client: Queryable,
  tenantId: number,
  userIds: readonly number[],
  usual: 'invitation' | 'welcome',
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into mails (tenant_id, user_id, import_id, kind, recipient)
     select u.tenant_id, u.id, l.import_id, coalesce(l.kind, $3), u.email
     from users u left join lateral (
       select kind, state, import_id from mails m
       where m.tenant_id = u.tenant_id and m.user_id = u.id and m.kind in ('invitation', 'welcome')
       order by id desc limit 1) l on true
     where u.tenant_id = $1 and u.id = any ($2::bigint[]) and u.email is not null and coalesce(l.state, 'sent') = 'sent'`,
    [tenantId, userIds, usual],
  )
  return rowCount ?? 0
}
