import { writeAudit } from '../db/audit.ts'
import {
  type MailFilter,
  type MailRecord,
  queueAgain,
  readMailedUsers,
  requeueMails,
  selectMails,
} from '../db/mail-list.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { mailChoiceOf } from './after-import.ts'
import type { PeopleDesk } from './desk.ts'

/** Whose mails to send again. `failed`: every mail of the tenant that failed or waits for its next attempt. */
export type ResendChoice = { userIds: readonly number[] } | { importId: number } | { failed: true }

/** The tenant's mails, the newest first, at most 500 unless `limit` says otherwise. */
export function listMails(desk: PeopleDesk, tenant: Tenant, filter: MailFilter = {}): Promise<MailRecord[]> {
  return inTransaction(desk.pool, tenant.id, (client) => selectMails(client, tenant.id, filter))
}

/**
 * Sends again: what failed is queued once more, to the address that the user has now; who was sent a mail, or never got
 * one, gets a new one with a new link. What is under way is left alone, so two who ask at once send one mail.
 * @returns how many mails are queued or due by it
 */
export function resendMails(desk: PeopleDesk, tenant: Tenant, choice: ResendChoice, actor: string): Promise<number> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, $2)', [RESEND_LOCK, tenant.id % 0x7fffffff])
    const userIds =
      'userIds' in choice
        ? choice.userIds
        : 'importId' in choice
          ? await readMailedUsers(client, tenant.id, choice.importId)
          : null
    const usual = mailChoiceOf(tenant) === 'welcome' ? 'welcome' : 'invitation'
    const requeued = await requeueMails(client, tenant.id, userIds)
    const queued = userIds === null ? 0 : await queueAgain(client, tenant.id, userIds, usual)
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor, action: 'resend mails' },
      object: 'importId' in choice ? `import ${choice.importId}` : userIds === null ? 'failed mails' : 'users',
      detail: { mails: requeued + queued, ...('userIds' in choice && { userIds }) },
    })
    await client.query(`select pg_notify('offhook_mails', '')`)
    return requeued + queued
  })
}

const RESEND_LOCK = 0x3a11
