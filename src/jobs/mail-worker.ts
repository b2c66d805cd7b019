import { countQueued } from '../db/mail-queue.ts'
import { openTransport } from '../mail/transport.ts'
import type { Sender } from '../mail/sender.ts'
import type { SmtpAddress } from '../mail/smtp-address.ts'
import type { Log } from '../model/log.ts'
import type { MailOffice } from './compose-mail.ts'
import { drainMails } from './drain-mails.ts'
import { startDrainLoop } from './drain-loop.ts'

/** What comes close together goes through the same connections. */
const GATHER_MS = 100
/** Mails whose next attempt has come are found without anyone saying so. */
const SWEEP_MS = 5_000

/** Sends mails as they are queued and when a retry is due. An SMTP server that is away is asked before each round. */
export function startMailWorker(options: {
  url: string
  office: MailOffice
  smtp: SmtpAddress
  sender: Sender
  log: Pick<Log, 'info' | 'warn'>
}) {
  const { url, office, smtp, sender, log } = options
  const transport = openTransport(smtp, sender)
  let away: string | null = null
  const tell = (reason: string | null) => {
    if (reason !== null && away === null) log.warn({ reason }, 'the mail server is away, mails wait')
    if (reason === null && away !== null) log.info({}, 'the mail server is back')
    away = reason
  }
  const loop = startDrainLoop({
    ...{ url, channel: 'offhook_mails', gatherMs: GATHER_MS, sweepMs: SWEEP_MS, name: 'mails', log },
    async drain(closing) {
      if (away !== null) {
        const still = await transport.verify()
        tell(still)
        if (still !== null) return
      }
      const { away: reason, ...drained } = await drainMails(office, transport, closing)
      if (drained.sent > 0) log.info(drained, 'mails sent')
      else if (drained.failed + drained.delayed > 0) log.warn(drained, 'mails not sent')
      tell(reason)
    },
  })
  return {
    /** Null when the server took the last mail. */
    away: () => away,
    wake: loop.wake,
    async close() {
      await loop.close()
      transport.close()
    },
  }
}

/** Says that mails wait for a mail server to be named. */
export async function warnOfWaitingMails(office: Pick<MailOffice, 'pool'>, log: Pick<Log, 'warn'>): Promise<void> {
  log.warn({ waiting: await countQueued(office.pool) }, 'OFFHOOK_SMTP_URL is not set: mails wait until it is')
}
