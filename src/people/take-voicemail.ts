import { createHash } from 'node:crypto'
import type pg from 'pg'
import { queueMail } from '../db/mails.ts'
import { inTransaction } from '../db/pool.ts'
import { findTenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { parseEmail } from '../model/email.ts'
import { readMailAddress, readMailHeaders } from '../model/mail-message.ts'
import { Secret } from '../model/secret.ts'
import type { Vault } from '../secrets/vault.ts'

/** The box as Asterisk names it, at the end of the subject: `emailsubject` of asterisk/voicemail.conf. */
const BOX = / mailbox (\d{1,20}(?:-\d{1,20})?) of ([a-z0-9]{2,16})$/
const MAX_SUBJECT_CHARACTERS = 200

/**
 * Keeps a voicemail, as Asterisk wrote it for its mail program, until it is sent. Whoever hands it over may forget it when
 * this returns, and may hand it over again when unsure.
 * @returns whether it was new
 * @throws AppError `input-invalid` when it is no voicemail of ours, `tenant-unknown`
 */
export async function takeVoicemail(
  pools: { owner: pg.Pool; app: pg.Pool; vault: Vault },
  raw: Buffer,
): Promise<boolean> {
  const text = raw.toString('latin1')
  const headers = readMailHeaders(text)
  const subject = headers.get('subject') ?? ''
  const [, number, slug] = BOX.exec(subject) ?? []
  if (number === undefined || slug === undefined)
    throw new AppError(
      'input-invalid',
      'The subject does not end in a mailbox such as “mailbox 1001 of acme”: see emailsubject in asterisk/voicemail.conf',
    )
  const recipient = parseEmail(readMailAddress(headers.get('to') ?? '') ?? '')
  if (typeof recipient !== 'string') throw new AppError('input-invalid', 'The mail has no recipient')
  const tenant = await findTenant(pools.owner, slug)
  // A message to a pager has no Message-ID; the same one has the same bytes.
  const messageId =
    /^<([^<>\s]{1,250})>$/.exec(headers.get('message-id') ?? '')?.[1] ?? createHash('sha256').update(raw).digest('hex')
  const id = await inTransaction(pools.app, tenant.id, async (client) => {
    const { rows } = await client.query<{ user_id: number | null }>(
      `select e.user_id from mailboxes b join extensions e on (e.tenant_id, e.id) = (b.tenant_id, b.extension_id)
       where b.number = $1 and b.tenant_id = $2`,
      [number, tenant.id],
    )
    return queueMail(client, pools.vault, tenant, {
      ...{ kind: 'voicemail', recipient, messageId, body: new Secret(text), userId: rows[0]?.user_id ?? null },
      subject: subject.slice(0, MAX_SUBJECT_CHARACTERS),
    })
  })
  return id !== null
}
