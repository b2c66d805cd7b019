import type pg from 'pg'
import type { LinkSite } from '../boot/prepare-link.ts'
import { insertInvitation } from '../db/invitations.ts'
import { type MailPerson, readMailPerson } from '../db/mail-person.ts'
import { type ClaimedMail, keepBody } from '../db/mail-queue.ts'
import { mailPlace } from '../db/mails.ts'
import { inTransaction } from '../db/pool.ts'
import type { OutgoingMail } from '../mail/transport.ts'
import { pickLanguage, writeMail, type WrittenMail } from '../mail/write-mail.ts'
import { generateLinkToken, digestLinkToken } from '../secrets/link-token.ts'
import type { Vault } from '../secrets/vault.ts'
import { INVITATION_DAYS, linkApps } from './link-apps.ts'

export type MailOffice = {
  /** Connections of the owner: mails are sent over all tenants. */
  pool: pg.Pool
  vault: Vault
  /** Where people reach the pages, without a slash at the end. */
  publicUrl: string
  /** Where phones register. */
  sipHost: string
  /** How apps reach their files; absent: no mail sets one up. */
  apps?: LinkSite
}

const DAY_MS = 86_400_000

/** What is to be sent, or why there is nothing any more. */
export type Composed = { mail: OutgoingMail; subject: string | null } | { gone: string }

/** Makes of a queued mail what is sent. Secrets are read where they live, at this moment: no copy waits in the queue. */
export async function composeMail(office: MailOffice, claimed: ClaimedMail): Promise<Composed> {
  const { recipient, message_id: messageId } = claimed
  if (claimed.kind === 'voicemail') {
    if (!claimed.body) return { gone: 'The recording is no longer kept' }
    const raw = Buffer.from(openBody(office, claimed, claimed.body), 'latin1')
    return { mail: { recipient, messageId, raw }, subject: null }
  }
  const written =
    claimed.kind === 'notice' ? composeNotice(office, claimed) : await composeForPerson(office, claimed, claimed.kind)
  if (!written) return { gone: 'The person was removed' }
  return { mail: { recipient, messageId, written }, subject: written.subject }
}

function composeNotice(office: MailOffice, claimed: ClaimedMail): WrittenMail {
  const told = claimed.body ? (JSON.parse(openBody(office, claimed, claimed.body)) as Record<string, unknown>) : {}
  const link = `${office.publicUrl}/imports/${String(told['importId'])}`
  return writeMail('notice', pickLanguage(claimed.tenant_language), { ...told, tenant: claimed.tenant, link })
}

async function composeForPerson(
  office: MailOffice,
  claimed: ClaimedMail,
  kind: 'invitation' | 'welcome',
): Promise<WrittenMail | null> {
  const userId = claimed.user_id
  const person = userId === null ? null : await readMailPerson(office.pool, claimed.tenant_id, userId)
  if (userId === null || !person) return null
  const tag = person.language ?? claimed.tenant_language
  const needsLink = kind === 'invitation' || person.password === null
  const link = needsLink ? `${office.publicUrl}/invite/${await provideToken(office, claimed, userId)}` : null
  const language = pickLanguage(tag)
  const expires = new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(
    claimed.queued_at.getTime() + INVITATION_DAYS * DAY_MS,
  )
  const known = { tenant: claimed.tenant, name: person.name, username: person.username, extension: person.extension }
  const secrets = kind === 'welcome' ? readAccess(office, claimed.slug, userId, person) : {}
  const apps = office.apps ? await linkApps(office, office.apps, claimed.tenant_id, userId) : []
  return writeMail(kind, language, { ...known, ...secrets, expires, link, apps })
}

/** What only a welcome tells, and only if the tenant has chosen so. SIP secrets are in no mail at all. */
function readAccess({ vault, sipHost }: MailOffice, slug: string, userId: number, person: MailPerson) {
  const { mailbox, password } = person
  const open = (sealed: Buffer, table: string, id: number, column: string) =>
    vault.open(sealed, { tenant: slug, table, row: String(id), column }).reveal()
  const pin = mailbox && open(mailbox.pin, 'offhook.mailboxes', mailbox.id, 'pin')
  return {
    ...{ sipHost, accounts: person.accounts, mailbox: mailbox?.number ?? null },
    password: password && open(password, 'offhook.users', userId, 'password'),
    // A PIN that its owner has changed by phone is nobody else's business.
    pin: pin === mailbox?.pinInUse ? pin : null,
  }
}

/** The token of the mail's link; stored before anything is sent, so that a link that arrives always works. */
async function provideToken(office: MailOffice, claimed: ClaimedMail, userId: number): Promise<string> {
  if (claimed.body) return openBody(office, claimed, claimed.body)
  const token = generateLinkToken()
  await inTransaction(office.pool, null, async (client) => {
    const tokenSha256 = digestLinkToken(token.reveal())!
    await insertInvitation(client, { tenantId: claimed.tenant_id, userId, tokenSha256, days: INVITATION_DAYS })
    await keepBody(client, claimed.id, office.vault.seal(token, mailPlace(claimed.slug, claimed.id)))
  })
  return token.reveal()
}

function openBody({ vault }: MailOffice, { slug, id }: ClaimedMail, body: Buffer): string {
  return vault.open(body, mailPlace(slug, id)).reveal()
}
