import { type ImportCounts } from '../db/imports.ts'
import { queueMail, queueUserMails } from '../db/mails.ts'
import type { Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { Secret } from '../model/secret.ts'
import type { Vault } from '../secrets/vault.ts'

/** What new people are sent; see the rule `mail`. */
export type MailChoice = 'none' | 'invitation' | 'welcome'

/** What the tenant has chosen for new people; invitations unless it says otherwise. */
export function mailChoiceOf(tenant: Tenant): MailChoice {
  const chosen = tenant.defaults['mail']
  return chosen === 'none' || chosen === 'welcome' ? chosen : 'invitation'
}

/**
 * Queues what people are told after an import, within the transaction that applies it: one statement for everybody who
 * is new and has an address, and a notice to `options.notify`. Links are made when a mail is sent, not here.
 * @returns how many mails were queued
 */
export async function queueAfterImport(
  client: Queryable,
  vault: Vault,
  done: {
    tenant: Tenant
    importId: number
    /** File name or other origin. */
    source: string
    createdUserIds: readonly number[]
    counts: ImportCounts
    /** `mail` instead of the tenant's choice; `notify`: an address that is told when it is done. */
    options: { mail?: MailChoice | undefined; notify?: string | undefined }
  },
): Promise<number> {
  const { tenant, importId, source, createdUserIds: userIds, counts, options } = done
  const kind = options.mail ?? mailChoiceOf(tenant)
  const mails = kind === 'none' ? 0 : await queueUserMails(client, { tenantId: tenant.id, kind, importId, userIds })
  if (options.notify === undefined) return mails
  const body = new Secret(JSON.stringify({ importId, source, ...counts, mails }))
  await queueMail(client, vault, tenant, { kind: 'notice', recipient: options.notify, importId, body })
  return mails + 1
}
