import { readFileSync } from 'node:fs'
import nodemailer from 'nodemailer'
import { AppError } from '../model/app-error.ts'
import { type Delivery, readFailure, shorten } from './delivery.ts'
import type { WrittenMail } from './write-mail.ts'
import type { Sender } from './sender.ts'
import type { SmtpAddress } from './smtp-address.ts'

/** A mail of ours, or one that came as it is to be sent. */
export type OutgoingMail = { recipient: string; messageId: string } & ({ written: WrittenMail } | { raw: Buffer })

export type MailTransport = {
  send(mail: OutgoingMail): Promise<Delivery>
  /** Null when the server takes our login, else why it cannot be used. */
  verify(): Promise<string | null>
  close(): void
}

const CONNECTIONS = 3
const CONNECT_WITHIN_MS = 10_000
/** RFC 5321 4.5.3.2 grants a server minutes; a silent one is given up and the mail tried again. */
const SILENT_MS = 60_000

/**
 * Connections to the mail server, kept open between mails. Files and addresses that a mail names are never read.
 * @throws AppError `config-invalid` when the authority's file cannot be read
 */
export function openTransport(address: SmtpAddress, sender: Sender): MailTransport {
  const { host, port, tls, user, secret, caFile } = address
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.')
  const transport = nodemailer.createTransport({
    ...{ pool: true, maxConnections: CONNECTIONS, host, port, secure: tls },
    // A password never crosses a network in the clear.
    requireTLS: !tls && user !== null && !isLocal,
    ...(user !== null && secret !== null && { auth: { user, pass: secret.reveal() } }),
    tls: { minVersion: 'TLSv1.2', ...(caFile !== null && { ca: readAuthority(caFile) }) },
    ...{ connectionTimeout: CONNECT_WITHIN_MS, greetingTimeout: CONNECT_WITHIN_MS, socketTimeout: SILENT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  return {
    async send(mail) {
      const envelope = { from: sender.address, to: [mail.recipient] }
      try {
        const content =
          'raw' in mail
            ? { raw: mail.raw }
            : {
                from: { name: sender.name, address: sender.address },
                to: mail.recipient,
                messageId: `<${mail.messageId}@${sender.domain}>`,
                ...{ subject: mail.written.subject, text: mail.written.text, html: mail.written.html },
                attachments: (mail.written.pictures ?? []).map(({ id, png }) => ({
                  ...{ cid: id, filename: `${id}.png`, content: png },
                  ...{ contentType: 'image/png', contentDisposition: 'inline' as const },
                })),
                // RFC 3834: no absence notices in return.
                headers: { 'Auto-Submitted': 'auto-generated' },
              }
        const { response } = await transport.sendMail({ envelope, ...content })
        return { state: 'sent', note: shorten(response) }
      } catch (error) {
        return readFailure(error)
      }
    },
    async verify() {
      try {
        await transport.verify()
        return null
      } catch (error) {
        return readFailure(error).reason
      }
    },
    close: () => transport.close(),
  }
}

function readAuthority(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new AppError('config-invalid', 'OFFHOOK_SMTP_URL names a file (?ca=) that cannot be read', { cause })
  }
}
