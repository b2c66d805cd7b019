import { Secret } from '../model/secret.ts'
import type { SecretPlace, Vault } from '../secrets/vault.ts'
import type { Queryable } from './pool.ts'

export type MailKind = 'invitation' | 'welcome' | 'notice' | 'voicemail'
export type MailState = 'queued' | 'sent' | 'failed'

export type NewMail = {
  kind: MailKind
  recipient: string
  userId?: number | null
  importId?: number | null
  /** For a mail that comes written, such as a voicemail. */
  subject?: string
  /** Without angle brackets; made up if not given. */
  messageId?: string
  /** Kept sealed until the mail is sent. */
  body?: Secret
}

/** Where a mail's body is sealed. */
export function mailPlace(slug: string, mailId: number): SecretPlace {
  return { tenant: slug, table: 'offhook.mails', row: String(mailId), column: 'body' }
}

/**
 * Queues a mail within the caller's transaction; it is sent after the commit.
 * @returns its id, or null for a voicemail with a message id that is there already
 */
export async function queueMail(
  client: Queryable,
  vault: Vault,
  tenant: { id: number; slug: string },
  mail: NewMail,
): Promise<number | null> {
  const { rows: ids } = await client.query<{ id: number }>(`select nextval('offhook.ids') as id`)
  const { id } = ids[0]!
  const { rows } = await client.query(
    `insert into offhook.mails (id, tenant_id, user_id, import_id, kind, recipient, subject, body, message_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, gen_random_uuid()::text))
     on conflict (message_id, tenant_id) where kind = 'voicemail' do nothing returning id`,
    [
      ...[id, tenant.id, mail.userId ?? null, mail.importId ?? null, mail.kind, mail.recipient, mail.subject ?? null],
      ...[mail.body ? vault.seal(mail.body, mailPlace(tenant.slug, id)) : null, mail.messageId ?? null],
    ],
  )
  return rows.length > 0 ? id : null
}

/**
 * Queues one mail for each of these users who has an address, in one statement whatever their number.
 * @returns how many were queued
 */
export async function queueUserMails(
  client: Queryable,
  mails: { tenantId: number; kind: 'invitation' | 'welcome'; importId: number | null; userIds: readonly number[] },
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into offhook.mails (tenant_id, user_id, import_id, kind, recipient)
     select tenant_id, id, $3, $2, email from offhook.users
     where tenant_id = $1 and id = any ($4::bigint[]) and email is not null`,
    [mails.tenantId, mails.kind, mails.importId, mails.userIds],
  )
  return rowCount ?? 0
}
