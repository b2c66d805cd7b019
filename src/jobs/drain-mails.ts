import { setTimeout as sleep } from 'node:timers/promises'
import { claimMails, type ClaimedMail, markFailed, markSent, postponeMail } from '../db/mail-queue.ts'
import type { MailTransport } from '../mail/transport.ts'
import type { Delivery } from '../mail/delivery.ts'
import { composeMail, type Composed, type MailOffice } from './compose-mail.ts'

/** As many as there are connections: none waits in hand for another. */
const BATCH = 3
/** Longer than a server may keep a mail waiting. Who dies with mails in hand leaves them to others after this time. */
const LEASE_S = 300
/** Greylisting opens after minutes; a full mailbox after hours. */
const FIRST_PAUSE_S = 30
const LONGEST_PAUSE_S = 3600
/** A server that comes back is used within a minute. */
const LONGEST_AWAY_S = 60
/** RFC 5321 4.5.4.1: four to five days, then the sender is told. */
const GIVE_UP_MS = 5 * 86_400_000
const MARK_PAUSE_MS = 1_000

export type DrainedMails = {
  sent: number
  failed: number
  delayed: number
  /** Why the server cannot be used now; null when it can. */
  away: string | null
}

/**
 * Sends what is due until nothing is, the server is away, or `closing`. A mail that was handed over is marked before it
 * could be taken again, however often that must be tried: only a process that dies in between sends it once more.
 */
export async function drainMails(
  office: MailOffice,
  transport: MailTransport,
  closing?: AbortSignal,
): Promise<DrainedMails> {
  const drained: DrainedMails = { sent: 0, failed: 0, delayed: 0, away: null }
  while (drained.away === null && !closing?.aborted) {
    const mails = await claimMails(office.pool, BATCH, LEASE_S)
    if (mails.length === 0) break
    const outcomes = await Promise.allSettled(mails.map((mail) => deliver(office, transport, mail, closing)))
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      const { value } = outcome
      drained[value.state === 'refused' ? 'failed' : value.state]++
      if (value.state === 'delayed' && value.away) drained.away = value.reason
    }
  }
  return drained
}

async function deliver(
  office: MailOffice,
  transport: MailTransport,
  mail: ClaimedMail,
  closing?: AbortSignal,
): Promise<Delivery> {
  const composed = await compose(office, mail)
  const delivery: Delivery = 'gone' in composed ? refuse(composed.gone) : await transport.send(composed.mail)
  const subject = 'gone' in composed ? null : composed.subject
  const settled = settle(delivery, mail)
  await insist(() => write(office, mail, settled, subject), settled.state === 'sent' ? closing : null)
  return settled
}

function refuse(reason: string): Delivery {
  return { state: 'refused', reason }
}

/** A mail that cannot be written must not hold up the others. The reason names no value: one may be a secret. */
async function compose(office: MailOffice, mail: ClaimedMail): Promise<Composed> {
  try {
    return await composeMail(office, mail)
  } catch (error) {
    if (error instanceof TypeError || (error as { code?: string }).code === 'key-wrong')
      return { gone: `It cannot be written: ${(error as Error).message}` }
    throw error
  }
}

/** Who has said "later" for five days is not asked again. */
function settle(delivery: Delivery, mail: ClaimedMail): Delivery {
  if (delivery.state !== 'delayed' || delivery.away || Date.now() - mail.queued_at.getTime() < GIVE_UP_MS)
    return delivery
  return refuse(`Given up after five days: ${delivery.reason}`)
}

async function write({ pool }: MailOffice, mail: ClaimedMail, delivery: Delivery, subject: string | null) {
  switch (delivery.state) {
    case 'sent':
      return markSent(pool, mail.id, { subject, note: delivery.note })
    case 'refused':
      return markFailed(pool, mail.id, delivery.reason)
    case 'delayed':
      return postponeMail(pool, mail.id, delivery.reason, pauseS(mail.attempts, delivery.away))
  }
}

function pauseS(attempts: number, away: boolean): number {
  return away ? Math.min(2 ** attempts, LONGEST_AWAY_S) : Math.min(FIRST_PAUSE_S * 2 ** (attempts - 1), LONGEST_PAUSE_S)
}

/** Tries until it is written, `closing`, or, with null, once. */
async function insist(write: () => Promise<void>, closing: AbortSignal | null | undefined): Promise<void> {
  for (;;) {
    try {
      await write()
      return
    } catch (error) {
      if (closing === null || closing?.aborted) throw error
      await sleep(MARK_PAUSE_MS)
    }
  }
}
