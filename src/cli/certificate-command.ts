import type { Command } from 'commander'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readAuthorities } from '../boot/authorities.ts'
import { judgeCertificate } from '../boot/judge-certificate.ts'
import { AppError } from '../model/app-error.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

/** `phone certificate`: what would come of a certificate that a phone showed. */
export function addCertificateCommand(phone: Command, run: Run): void {
  phone
    .command('certificate')
    .argument('<file>', 'of a phone, in PEM or DER; its page or a packet capture gives it')
    .description('say which phone a certificate names, or why it is not believed')
    .action((file: string) => run((app) => examine(app, file)))
}

async function examine(app: App, file: string): Promise<ExitCode> {
  const folder = app.deviceCaDir()
  if (folder === null)
    throw new AppError('input-invalid', 'OFFHOOK_DEVICE_CA_DIR is not set: no certificate is believed.')
  const families = await app.families()
  const authorities = readAuthorities(folder, families)
  const { subject, issuer, expiresAt, claims, isOutOfDate, fault } = judgeCertificate(
    { families, authorities },
    readCertificate(file),
    Date.now(),
  )
  const names = claims.map(({ family, mac }) => `${mac} (${family})`)
  const verdict = fault ?? (isOutOfDate ? 'out of date: believed only of a phone that is known by it' : 'believed')
  const rows = [
    ...[['subject', subject], ['issuer', issuer], ['ends', expiresAt.toISOString()]], // prettier-ignore
    ...[['names', names.join(', ') || 'no phone'], ['verdict', verdict]], // prettier-ignore
  ]
  const isBelieved = fault === null && !isOutOfDate
  app.output.result({ subject, issuer, expiresAt, phones: claims, isOutOfDate, fault }, formatTable(rows))
  return isBelieved ? 0 : 1
}

function readCertificate(file: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(file))
  } catch (cause) {
    throw new AppError('input-invalid', `${file} cannot be read as a certificate: ${(cause as Error).message}`, {
      cause,
    })
  }
}
